// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Benchmarks
import Runner

/// Measures what the kernel costs, and compares it with its budgets; with
/// `--rows`, only prints what was measured, for other programs to read.
struct BenchCommand: Subcommand {
  static let name = "bench"
  static let flags = ["rows", "tighten"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let files = FigureFiles(of: project)
    let others = try files.others()
    var budgets = try files.budgets()
    var image = "bench"
    do {
      let measuring = Measuring(project, with: Toolbox())
      let tools = try measuring.tools()
      let figures = try measuring.figures { name in
        complain("Measuring \(name)…")
        image = name
      }
      guard !options.has("rows") else {
        print(Budgets.rows(figures), terminator: "")
        return 0
      }
      if options.has("tighten") {
        budgets = try files.tighten(to: figures, tools: tools)
        complain("Written: \(Budgets.path), and the figures in README.md")
      }
      let judge = BudgetJudge(figures, budgets)
      for line in FigureTable(judge, others).lines() { print(line) }
      report(judge, budgets, tools)
      return judge.isPassed ? 0 : 1
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: image)
      return 1
    }
  }

  private func report(
    _ judge: BudgetJudge, _ budgets: Budgets, _ tools: String
  ) {
    print("")
    for line in judge.complaints { print("✗ \(line)") }
    for line in judge.hints { print(line) }
    if !judge.hints.isEmpty { print("To do so: make bench TIGHTEN=1") }
    if judge.isPassed { print("All figures are within their budgets.") }
    guard tools != budgets.tools, !budgets.tools.isEmpty else { return }
    print(
      """
      The budgets were measured with \(budgets.tools); here is \(tools).
      Differences may come from there.
      """)
  }
}
