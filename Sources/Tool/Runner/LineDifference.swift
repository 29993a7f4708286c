// SPDX-License-Identifier: BSD-3-Clause

/// How what was printed differs from what was expected, line by line.
public struct LineDifference: Equatable, Sendable {
  enum Row: Equatable {
    /// Printed as expected.
    case same(String)
    /// Expected, but not printed.
    case missing(String)
    /// Printed, but not expected.
    case extra(String)
  }

  let rows: [Row]

  /// Nil if nothing differs.
  init?(expected: [Expectation.Line], printed: [String]) {
    let table = Costs(expected: expected, printed: printed)
    guard table.total > 0 else { return nil }
    rows = table.rows()
  }

  /// To be read: `-` was expected, `+` was printed, the arrow points at the
  /// first difference. Long stretches on which both agree are left out.
  public var lines: [String] {
    guard let first = rows.firstIndex(where: { !$0.isSame }) else { return [] }
    let window = max(0, first - 3)..<min(rows.count, first + 20)
    var lines = ["    - expected", "    + printed", ""]
    if window.lowerBound > 0 {
      lines.append("      (\(window.lowerBound) lines as expected)")
    }
    lines += window.map { index in
      (index == first ? " -> " : "    ") + rows[index].marked
    }
    if window.upperBound < rows.count {
      lines.append("      (\(rows.count - window.upperBound) more lines)")
    }
    return lines
  }
}

extension LineDifference.Row {
  fileprivate var isSame: Bool {
    if case .same = self { true } else { false }
  }

  fileprivate var marked: String {
    switch self {
    case .same(let line): "  " + line
    case .missing(let line): "- " + line
    case .extra(let line): "+ " + line
    }
  }
}

/// The least number of lines that differ, for every pair of beginnings
/// (Wagner and Fischer's table). A line `...` takes in lines for nothing.
private struct Costs {
  private let expected: [Expectation.Line]
  private let printed: [String]
  /// One row more than expected lines, one column more than printed lines.
  private var costs: [[Int]] = []

  init(expected: [Expectation.Line], printed: [String]) {
    self.expected = expected
    self.printed = printed
    for row in 0...expected.count { fill(row) }
  }

  var total: Int { costs[expected.count][printed.count] }

  private mutating func fill(_ row: Int) {
    costs.append([])
    for column in 0...printed.count {
      let cost = steps(to: row, column).map(\.cost).min() ?? 0
      costs[row].append(cost)
    }
  }

  private enum Step { case match, skipExpected, skipPrinted }

  /// The ways to get to a cell from its neighbours, the preferred ones first.
  private func steps(
    to row: Int, _ column: Int
  ) -> [(cost: Int, step: Step)] {
    var steps: [(cost: Int, step: Step)] = []
    if row > 0, column > 0, !expected[row - 1].isAnyLines,
      expected[row - 1].matches(printed[column - 1])
    {
      steps.append((costs[row - 1][column - 1], .match))
    }
    if column > 0 {
      let isFree = row > 0 && expected[row - 1].isAnyLines
      steps.append((costs[row][column - 1] + (isFree ? 0 : 1), .skipPrinted))
    }
    if row > 0 {
      let isFree = expected[row - 1].isAnyLines
      steps.append((costs[row - 1][column] + (isFree ? 0 : 1), .skipExpected))
    }
    return steps
  }

  /// Back from the end along the cheapest steps.
  func rows() -> [LineDifference.Row] {
    var rows: [LineDifference.Row] = []
    var (row, column) = (expected.count, printed.count)
    while row > 0 || column > 0 {
      let best = steps(to: row, column).min { $0.cost < $1.cost }
      switch best?.step {
      case .match:
        (row, column) = (row - 1, column - 1)
        rows.append(.same(printed[column]))
      case .skipPrinted:
        column -= 1
        let isFree = row > 0 && expected[row - 1].isAnyLines
        rows.append(isFree ? .same(printed[column]) : .extra(printed[column]))
      case .skipExpected, nil:
        row -= 1
        guard !expected[row].isAnyLines else { continue }
        rows.append(.missing(expected[row].text))
      }
    }
    return rows.reversed()
  }
}
