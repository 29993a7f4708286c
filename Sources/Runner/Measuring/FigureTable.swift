// SPDX-License-Identifier: BSD-3-Clause

/// All figures for the terminal: ours with their budgets, and below them those
/// of other systems.
///
///     figure                   measured  budget  target
///     yield, round robin             58      58      60
///     create and join, …            787     787     700  not reached yet
public struct FigureTable {
  private let judge: BudgetJudge
  private let others: OtherSystems

  /// - Parameters:
  ///   - judge: Knows the figures and their budgets.
  ///   - others: Knows the targets.
  public init(_ judge: BudgetJudge, _ others: OtherSystems) {
    self.judge = judge
    self.others = others
  }

  /// Both tables.
  public func lines() -> [String] {
    ours + ["", "Other systems, as they were measured once:"] + theirs
  }

  private var ours: [String] {
    let heading = ["", "measured", "budget", "target"]
    let lines = TextColumns.lines([heading] + judge.rows.map(cells))
    return zip(lines, [""] + judge.rows.map(remark)).map { line, remark in
      remark.isEmpty ? line : line + "  " + remark
    }
  }

  private func cells(_ row: BudgetJudge.Row) -> [String] {
    [
      "\(row.figure.title), \(row.figure.unit)",
      row.measured?.grouped ?? "–", row.budget?.grouped ?? "–",
      others.target(for: row.figure)?.grouped ?? "–",
    ]
  }

  private func remark(_ row: BudgetJudge.Row) -> String {
    switch row.verdict {
    case .over: return "OVER BUDGET"
    case .under: return "can be tightened"
    case .withoutBudget: return "NO BUDGET"
    case .notMeasured: return "NOT MEASURED"
    case .fine:
      guard let target = others.target(for: row.figure),
        let measured = row.measured, measured > target
      else { return "" }
      return "target missed"
    }
  }

  private var theirs: [String] {
    let rows = others.rows.filter { !$0.others.allSatisfy(\.isEmpty) }
    return TextColumns.lines(
      [[""] + others.systems]
        + rows.map { row in
          [row.figure.name] + row.others.map { $0.isEmpty ? "–" : $0 }
        })
  }
}
