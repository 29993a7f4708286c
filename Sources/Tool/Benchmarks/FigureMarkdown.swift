// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// The figures as they stand in README.md, and from there in the book.
///
/// Ours are the budgets: a test keeps what is measured within 2 % of them. A
/// row begins with its chapter's number, so that the branch of an earlier
/// chapter is without it.
struct FigureMarkdown {
  let budgets: Budgets
  let others: OtherSystems
  let table: CourseTable

  var text: String {
    """
    Measured with \(budgets.tools).

    \(programs.joined(separator: "\n"))

    Instructions for one operation:

    \(operations.joined(separator: "\n"))
    """
  }

  // MARK: - Programs

  private static let columns = [Figure.image, Figure.start, Figure.memory]

  private var programs: [String] {
    let hello = Figure(1, Figure.hello)
    let ofHello = [budgets.values[hello]?.grouped, nil, nil]
    let goal = others.target(for: hello).map { " (target \($0.grouped))" }
    return Self.heading(
      ["", "program", "image, bytes", "instructions before it starts"]
        + ["smallest memory, KiB"], words: 2)
      + [Self.row(["", "hello" + (goal ?? "")], ofHello)]
      + table.chapters.filter { $0.state == .ready }.map(program)
      + [Self.row(["", "target for each"], Self.columns.map(target))]
      + others.systems.indices.compactMap(system)
  }

  private func program(_ chapter: Chapter) -> String {
    Self.row(
      ["\(chapter.number)", chapter.title],
      Self.columns.map { budgets.values[Figure(chapter.number, $0)]?.grouped })
  }

  private func target(_ name: String) -> String? {
    others.target(for: Figure(1, name))?.grouped
  }

  private func system(_ index: Int) -> String? {
    let cells = Self.columns.map { name in
      others.row(for: Figure(1, name))?.others[index] ?? ""
    }
    guard !cells.allSatisfy(\.isEmpty) else { return nil }
    return Self.row(["", others.systems[index]], cells)
  }

  // MARK: - Operations

  private var operations: [String] {
    let measured = budgets.values.keys.filter {
      !$0.isOfEveryChapter && $0.name != Figure.hello
    }
    let given = others.rows.filter { $0.ours != nil }.map(\.figure)
    return Self.heading(
      ["", "operation", "Swiftkraft", "target"] + others.systems, words: 2)
      + (measured + given).sorted().map(operation)
  }

  private func operation(_ figure: Figure) -> String {
    let row = others.row(for: figure)
    let none = [String](repeating: "", count: others.systems.count)
    return Self.row(
      ["\(figure.chapter)", figure.name],
      [
        row?.ours ?? budgets.values[figure]?.grouped,
        row?.target.map { "≤ \($0.grouped)" },
      ] + (row?.others ?? none))
  }

  // MARK: - Rows

  private static func heading(_ cells: [String], words: Int) -> [String] {
    let rule = cells.indices.map { $0 < words ? "---" : "--:" }
    return [row(cells, []), "|" + rule.joined(separator: "|") + "|"]
  }

  private static func row(_ words: [String], _ numbers: [String?]) -> String {
    let cells = words + numbers.map { ($0 ?? "").isEmpty ? "–" : $0 ?? "" }
    return "| " + cells.joined(separator: " | ") + " |"
  }
}
