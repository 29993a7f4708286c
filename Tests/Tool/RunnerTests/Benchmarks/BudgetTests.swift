// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Benchmarks
@testable import Runner

@Suite struct `Budgets of figures` {
  private let yield = Figure(5, "yield, round robin")

  private func verdict(
    _ measured: Int?, _ budget: Int?
  ) -> BudgetJudge.Verdict {
    BudgetJudge.Row(figure: yield, measured: measured, budget: budget).verdict
  }

  @Test func `are read from rows`() throws {
    let budgets = try Budgets(
      """
      # chapter | figure | budget
      tools | Swift 6.3.1, QEMU 7.2.22
      5 | yield, round robin | 58
      """)
    #expect(budgets.tools == "Swift 6.3.1, QEMU 7.2.22")
    #expect(budgets.values == [yield: 58])
  }

  @Test func `are written sorted, and read again`() throws {
    var budgets = Budgets()
    budgets.values = [yield: 58, Figure(10, "b"): 1, Figure(4, "c"): 2]
    let rows = budgets.text.split(separator: "\n").suffix(3)
    #expect(rows == ["4 | c | 2", "5 | yield, round robin | 58", "10 | b | 1"])
    #expect(try Budgets(budgets.text) == budgets)
  }

  @Test(arguments: [
    "5 | yield", "x | yield | 5", "5 | yield | many", "5 | | 1",
  ])
  func `with a damaged row are refused`(row: String) {
    #expect(throws: Failure.self) { try Budgets(row) }
  }

  @Test func `for one figure may not stand twice`() {
    #expect(throws: Failure.self) { try Budgets("1 | a | 2\n1 | a | 3") }
  }

  @Test func `allow two in a hundred, either way`() {
    #expect(verdict(102, 100) == .fine)
    #expect(verdict(98, 100) == .fine)
    #expect(verdict(103, 100) == .over)
    #expect(verdict(97, 100) == .under)
    // 16 + 2 % is less than 17.
    #expect(verdict(17, 16) == .over)
  }

  @Test func `are missed if a side is missing`() {
    #expect(verdict(1, nil) == .withoutBudget)
    #expect(verdict(nil, 1) == .notMeasured)
  }

  @Test func `that can be tightened are no failure`() {
    var budgets = Budgets()
    budgets.values = [yield: 100]
    let judge = BudgetJudge([yield: 58], budgets)
    #expect(judge.isPassed)
    #expect(
      judge.hints == [
        "yield, round robin: 58 instructions. "
          + "Its budget of 100 can be tightened."
      ])
  }

  @Test func `that are broken name the figure and both numbers`() {
    var budgets = Budgets()
    budgets.values = [Figure(4, "image"): 65536]
    let judge = BudgetJudge([Figure(4, "image"): 81234], budgets)
    #expect(!judge.isPassed)
    #expect(
      judge.complaints == [
        "image, ch4: 81,234 bytes, over its budget of 65,536."
      ])
  }

  @Test func `fall and never rise by themselves`() {
    var budgets = Budgets()
    budgets.values = [yield: 58, Figure(1, "start"): 256, Figure(1, "old"): 3]
    let tight = budgets.tightened(
      to: [yield: 50, Figure(1, "start"): 300, Figure(2, "new"): 7],
      tools: "Swift 7")
    #expect(
      tight.values == [
        yield: 50, Figure(1, "start"): 256, Figure(1, "old"): 3,
        Figure(2, "new"): 7,
      ])
    #expect(tight.tools == "Swift 7")
  }
}
