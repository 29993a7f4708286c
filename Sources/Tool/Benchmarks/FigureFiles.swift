// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Inspecting
import Runner

/// The files that figures are kept in: budgets, other systems, README.md.
public struct FigureFiles {
  /// The lines of README.md around what is generated.
  static let markers = (
    begin: "<!-- Written by `make bench TIGHTEN=1`: -->",
    end: "<!-- as far as here. -->"
  )

  private let project: Project

  /// - Parameter project: The clone.
  public init(of project: Project) { self.project = project }

  /// - Returns: What each figure may be; none as long as there is no file.
  /// - Throws: ``Failure`` for a file that cannot be read.
  public func budgets() throws -> Budgets {
    let path = url(Budgets.path)
    guard FileManager.default.fileExists(atPath: path.path) else {
      return Budgets()
    }
    return try Budgets(String(contentsOf: path, encoding: .utf8))
  }

  /// - Returns: The figures of other systems.
  /// - Throws: ``Failure``, or what the system says of a missing file.
  public func others() throws -> OtherSystems {
    try OtherSystems(
      String(contentsOf: url(OtherSystems.path), encoding: .utf8))
  }

  /// Lowers the budgets where they can be lowered, and shows all in README.md.
  ///
  /// - Parameters:
  ///   - figures: As measured.
  ///   - tools: With what.
  /// - Returns: The budgets as they are now.
  /// - Throws: ``Failure``, or what the system says of a file.
  public func tighten(
    to figures: [Figure: Int], tools: String
  ) throws -> Budgets {
    let budgets = try budgets().tightened(to: figures, tools: tools)
    try Data(budgets.text.utf8).write(to: url(Budgets.path))
    try Data(readMe(showing: budgets).utf8).write(to: url("README.md"))
    return budgets
  }

  /// The text of README.md with these figures between the markers.
  ///
  /// - Parameter budgets: Ours.
  /// - Returns: All of it.
  /// - Throws: ``Failure`` if a marker is missing.
  public func readMe(showing budgets: Budgets) throws -> String {
    let text = try String(contentsOf: url("README.md"), encoding: .utf8)
    let figures = FigureMarkdown(
      budgets: budgets, others: try others(), table: project.table)
    return try Self.text(text, with: figures.text)
  }

  static func text(
    _ text: String, with part: String
  ) throws(Failure) -> String {
    guard let begin = text.firstRange(of: markers.begin),
      let end = text[begin.upperBound...].firstRange(of: markers.end)
    else {
      throw Failure(
        "README.md lacks the lines between which the figures stand.",
        advice: "They are: \(markers.begin) and \(markers.end)")
    }
    return text[..<begin.upperBound] + "\n\n" + part + "\n\n"
      + text[end.lowerBound...]
  }

  private func url(_ path: String) -> URL { project.root.appending(path: path) }
}
