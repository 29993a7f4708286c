// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// Compares what was measured with the budgets.
public struct BudgetJudge: Sendable {
  /// What is to be said about one figure.
  public enum Verdict: Equatable, Sendable {
    /// At most 2 % away from its budget.
    case fine
    /// More than 2 % above.
    case over
    /// More than 2 % below: the budget can be tightened.
    case under
    /// Measured, but the file has no budget for it.
    case withoutBudget
    /// It has a budget, but nothing measures it.
    case notMeasured

    /// Whether `make bench` fails for it.
    public var isFailure: Bool { self != .fine && self != .under }
  }

  /// One figure with all that is known of it.
  public struct Row: Equatable, Sendable {
    /// Which one it is.
    public let figure: Figure
    /// What it is now.
    public let measured: Int?
    /// What it may be.
    public let budget: Int?

    /// What is to be said about it.
    public var verdict: Verdict {
      guard let measured else { return .notMeasured }
      guard let budget else { return .withoutBudget }
      if measured * 100 > budget * (100 + Budgets.tolerance) { return .over }
      if measured * 100 < budget * (100 - Budgets.tolerance) { return .under }
      return .fine
    }
  }

  /// Sorted by chapter and name.
  public let rows: [Row]

  /// - Parameters:
  ///   - figures: As measured.
  ///   - budgets: What they may be.
  public init(_ figures: [Figure: Int], _ budgets: Budgets) {
    rows = Set(figures.keys).union(budgets.values.keys).sorted().map {
      Row(figure: $0, measured: figures[$0], budget: budgets.values[$0])
    }
  }

  /// Whether no figure fails.
  public var isPassed: Bool { rows.allSatisfy { !$0.verdict.isFailure } }

  /// A sentence for each figure that is not as it should be.
  public var complaints: [String] {
    rows.filter(\.verdict.isFailure).map(\.words)
  }

  /// A sentence for each budget that is higher than it has to be.
  public var hints: [String] {
    rows.filter { $0.verdict == .under }.map(\.words)
  }
}

extension BudgetJudge.Row {
  /// The same in a sentence.
  var words: String {
    let (name, unit) = (figure.title, figure.unit)
    let now = measured.map { "\($0.grouped) \(unit)" } ?? "nothing"
    let limit = budget.map(\.grouped) ?? "none"
    switch verdict {
    case .fine: return "\(name): \(now), within its budget of \(limit)."
    case .over: return "\(name): \(now), over its budget of \(limit)."
    case .under:
      return "\(name): \(now). Its budget of \(limit) can be tightened."
    case .withoutBudget:
      return "\(name): \(now), but it has no budget in \(Budgets.path)."
    case .notMeasured:
      return "\(name): it has a budget of \(limit), but nothing measures it."
    }
  }
}
