// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// All figures for the terminal: ours with their budgets, and below them those
/// of other systems.
///
///     instructions             measured  budget  target
///     image, ch5, bytes          76,832  76,832  65,536  target missed
///     yield, round robin             58      58      60
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
    let heading = ["instructions", "measured", "budget", "target"]
    let lines = TextColumns.lines([heading] + judge.rows.map(cells))
    return zip(lines, [""] + judge.rows.map(remark)).map { line, remark in
      remark.isEmpty ? line : line + "  " + remark
    }
  }

  private func cells(_ row: BudgetJudge.Row) -> [String] {
    [
      row.figure.title
        + (Self.isUsual(row.figure) ? "" : ", \(row.figure.unit)"),
      row.measured?.grouped ?? "–", row.budget?.grouped ?? "–",
      others.target(for: row.figure)?.grouped ?? "–",
    ]
  }

  /// The unit of most figures stands in the heading.
  private static func isUsual(_ figure: Figure) -> Bool {
    figure.unit == "instructions"
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
