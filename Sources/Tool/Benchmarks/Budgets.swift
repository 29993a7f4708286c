// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// What each figure may be, as a file in the tree keeps it:
///
///     # chapter | figure | budget
///     tools | Swift 6.3.1, QEMU 7.2.22
///     5 | yield, round robin | 58
///
/// A budget is a figure as it was measured once. It falls when the figure does,
/// and rises only by hand, in a commit that says why.
public struct Budgets: Equatable, Sendable {
  /// Where the file is, seen from the root of the repository.
  public static let path = "Tests/CourseTests/budgets.txt"
  /// By how many in a hundred a figure may miss its budget, either way.
  static let tolerance = 2

  /// With what the figures were measured.
  public var tools = ""
  /// One for each figure.
  public var values: [Figure: Int] = [:]

  /// No budget at all.
  init() {}

  /// - Parameter text: The file's.
  /// - Throws: ``Failure`` that names a row which cannot be read.
  public init(_ text: String) throws(Failure) {
    for cells in TableFile.rows(text) {
      if cells.count == 2, cells[0] == "tools" {
        tools = cells[1]
        continue
      }
      guard cells.count == 3, let chapter = Int(cells[0]), !cells[1].isEmpty,
        let value = Int(cells[2])
      else { throw Self.malformed(cells) }
      let figure = Figure(chapter, cells[1])
      guard values.updateValue(value, forKey: figure) == nil else {
        throw Failure("\(Self.path) lists \(figure.title) twice.")
      }
    }
  }

  /// The file's text, sorted by chapter and name.
  public var text: String {
    Self.heading + "tools | \(tools)\n" + Self.rows(values)
  }

  /// Figures as rows of the file.
  ///
  /// - Parameter figures: What each one is, or may be.
  /// - Returns: Lines, sorted by chapter and name.
  public static func rows(_ figures: [Figure: Int]) -> String {
    figures.sorted { $0.key < $1.key }
      .map { "\($0.key.chapter) | \($0.key.name) | \($0.value)\n" }.joined()
  }

  /// Budgets that are no higher than what was measured; what had none gets one.
  ///
  /// - Parameters:
  ///   - figures: As measured.
  ///   - tools: With what.
  /// - Returns: None of them rises.
  func tightened(to figures: [Figure: Int], tools: String) -> Budgets {
    var result = self
    result.tools = tools
    result.values.merge(figures) { min($0, $1) }
    return result
  }

  private static let heading = """
    # What is measured, and what it may be: `make bench` fails if a figure is more
    # than 2 % above its budget. `make bench TIGHTEN=1` lowers the budgets that can
    # be lowered, and adds those that are missing. One rises only by hand.
    #
    # chapter | figure | budget (instructions; image: bytes; memory: KiB)

    """

  private static func malformed(_ cells: [String]) -> Failure {
    Failure(
      "\(path) has the row `\(cells.joined(separator: " | "))`.",
      advice: "A row is: chapter | figure | budget")
  }
}

/// Rows with bars between their cells; lines that begin with `#` are comments.
enum TableFile {
  static func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.split(separator: " ").joined(separator: " ") }
    }
  }
}
