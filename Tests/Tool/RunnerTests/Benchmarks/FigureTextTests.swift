// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Benchmarks
@testable import Runner

@Suite struct `Figures as text` {
  private static let manifest = """
    let courseTable = \"""
      1 | boot | Boot | ready
      2 | traps | Traps | ready
      3 | paging | Paging | draft
      \"""
    let libraryTable = \"""
      \"""
    let exerciseTable = \"""
      \"""
    let boardFlagTable = \"""
      -wmo
      \"""
    """
  private static let others = """
    # A comment.
    systems | Runikraft | xv6 | target
    1 | image | 65,960 | | 65536
    1 | image of hello | | | 8192
    1 | system call = a call | a call | 1,078 |
    2 | yield | 257 / 631 | ~6,990 | 60
    """
  private static let budgets = """
    tools | Swift 6.3.1
    1 | image | 15877
    1 | image of hello | 8135
    2 | image | 47029
    2 | mixed | 36
    2 | yield | 58
    """

  private func markdown() throws -> String {
    FigureMarkdown(
      budgets: try Budgets(Self.budgets),
      others: try OtherSystems(Self.others),
      table: try CourseTable(manifest: Self.manifest)
    ).text
  }

  @Test func `list the programs, what we aim at, and other systems`() throws {
    let heading = try #require(
      markdown().split(separator: "\n").firstIndex { $0.hasPrefix("|---") })
    let rows = try markdown().split(separator: "\n")[heading...].dropFirst()
    #expect(
      rows.prefix { $0.hasPrefix("|") } == [
        "|  | hello (target 8,192) | 8,135 | – | – |",
        "| 1 | Boot | 15,877 | – | – |",
        "| 2 | Traps | 47,029 | – | – |",
        "|  | target for each | 65,536 | – | – |",
        "|  | Runikraft | 65,960 | – | – |",
      ])
  }

  @Test func `list the operations beside those of others`() throws {
    #expect(
      try markdown().hasSuffix(
        """
        |  | operation | Swiftkraft | target | Runikraft | xv6 |
        |---|---|--:|--:|--:|--:|
        | 1 | system call | a call | – | a call | 1,078 |
        | 2 | mixed | 36 | – | – | – |
        | 2 | yield | 58 | ≤ 60 | 257 / 631 | ~6,990 |
        """))
  }

  @Test func `stand between two lines of another text`() throws {
    let (begin, end) = FigureFiles.markers
    let text = "before\n\(begin)\nold\n\(end)\nafter"
    let new = try FigureFiles.text(text, with: "new")
    #expect(new == "before\n\(begin)\n\nnew\n\n\(end)\nafter")
    #expect(try FigureFiles.text(new, with: "new") == new)
    #expect(throws: Failure.self) { try FigureFiles.text("", with: "new") }
  }

  @Test func `say for the terminal what is wrong with each`() throws {
    let figures = [
      Figure(1, "image"): 15_000, Figure(1, "image of hello"): 8200,
      Figure(2, "mixed"): 37, Figure(2, "new"): 1, Figure(2, "yield"): 61,
    ]
    var budgets = try Budgets(Self.budgets)
    budgets.values[Figure(2, "yield")] = 61
    let lines = FigureTable(
      BudgetJudge(figures, budgets), try OtherSystems(Self.others)
    ).lines()
    #expect(
      lines.prefix { !$0.isEmpty } == [
        "instructions           measured  budget  target",
        "image, ch1, bytes        15,000  15,877  65,536  can be tightened",
        "image of hello, bytes     8,200   8,135   8,192  target missed",
        "image, ch2, bytes             –  47,029  65,536  NOT MEASURED",
        "mixed                        37      36       –  OVER BUDGET",
        "new                           1       –       –  NO BUDGET",
        "yield                        61      61      60  target missed",
      ])
    #expect(lines.last == "yield        257 / 631  ~6,990")
  }

  @Test(arguments: [
    "", "1 | image | 3", "systems | a | b",
    "systems | a | target\n1 | image | 3 | many",
    "systems | a | target\n1 | image | 3 | 4 | 5",
  ])
  func `of other systems must have their shape`(text: String) {
    #expect(throws: Failure.self) { try OtherSystems(text) }
  }

  @Test func `group their digits`() {
    #expect(
      [0, 999, 1000, 12_345, 1_066_920, -1234].map(\.grouped) == [
        "0", "999", "1,000", "12,345", "1,066,920", "-1,234",
      ])
  }
}
