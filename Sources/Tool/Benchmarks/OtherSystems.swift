// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// The same figures of other systems, and what we aim at, as a file in the tree
/// keeps them:
///
///     systems | Runikraft | NuttX | target
///     5 | yield, round robin | 257 / 631 | 369 | 60
///     1 | system call = a call | a call | a call |
///
/// The second name in the last row is what our own figure is: nothing that
/// could be measured.
public struct OtherSystems: Sendable {
  /// Where the file is, seen from the root of the repository.
  public static let path = "Tests/CourseTests/other-systems.txt"

  /// One figure of all of them.
  struct Row {
    let figure: Figure
    /// Ours, if it is not measured.
    let ours: String?
    /// One for each system; empty where there is none.
    let others: [String]
    /// What we aim at.
    let target: Int?
  }

  /// Their names.
  let systems: [String]
  /// In the file's order.
  let rows: [Row]

  /// - Parameter text: The file's.
  /// - Throws: ``Failure`` that names a row which cannot be read.
  public init(_ text: String) throws(Failure) {
    var lines = TableFile.rows(text)[...]
    guard let first = lines.popFirst(), first.first == "systems",
      first.last == "target"
    else {
      throw Failure(
        "\(Self.path) does not begin with the names of the systems.",
        advice: "The first row is: systems | … | target")
    }
    systems = Array(first.dropFirst().dropLast())
    var rows: [Row] = []
    for cells in lines { rows.append(try Self.row(cells, systems.count)) }
    self.rows = rows
  }

  /// What we aim at for a figure.
  func target(for figure: Figure) -> Int? { row(for: figure)?.target }

  /// What a chapter has is compared whatever the chapter.
  func row(for figure: Figure) -> Row? {
    rows.first { row in
      row.figure == figure
        || figure.isOfEveryChapter && row.figure.name == figure.name
    }
  }

  private static func row(
    _ cells: [String], _ systems: Int
  ) throws(Failure) -> Row {
    guard cells.count == systems + 3, let chapter = Int(cells[0]),
      let target = cells.last, target.isEmpty || Int(target) != nil
    else {
      throw Failure(
        "\(path) has the row `\(cells.joined(separator: " | "))`.",
        advice: "A row is: chapter | figure | one for each system | target")
    }
    let names = cells[1].split(separator: " = ").map(String.init)
    return Row(
      figure: Figure(chapter, names.first ?? ""),
      ours: names.count > 1 ? names[1] : nil,
      others: Array(cells[2..<(cells.count - 1)]), target: Int(target))
  }
}
