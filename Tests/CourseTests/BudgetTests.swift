// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Benchmarks
@testable import Runner

/// What `make bench` checks, and that README.md tells what the files say.
@Suite(.serialized) struct BudgetTests {
  private let clone = Clone()

  private func files() throws -> FigureFiles {
    FigureFiles(of: try Project(root: clone.root))
  }

  @Test func `every figure is within its budget`() throws {
    let budgets = try files().budgets()
    let measuring = Measuring(
      try Project(root: clone.root), with: Toolbox())
    let judge = BudgetJudge(try measuring.figures(), budgets)
    // Another compiler or emulator counts otherwise. The limits that hold with
    // all of them are those of ImageTests and BootCostTests.
    let isComparable = try measuring.tools() == budgets.tools
    for row in judge.rows where row.verdict.isFailure {
      guard isComparable || row.verdict != .over else { continue }
      Issue.record("\(row.words)")
    }
  }

  @Test func `the file of budgets is as the tool would write it`() throws {
    #expect(try files().budgets().text == clone.text(of: Budgets.path))
  }

  @Test func `README.md shows the figures of the files`() throws {
    let readMe = try files().readMe(showing: files().budgets())
    #expect(
      try clone.text(of: "README.md") == readMe, "make bench TIGHTEN=1")
  }

  @Test func `what is compared with other systems is measured`() throws {
    let budgets = try files().budgets()
    for row in try files().others().rows where row.ours == nil {
      #expect(budgets.values[row.figure] != nil, "\(row.figure)")
    }
  }
}
