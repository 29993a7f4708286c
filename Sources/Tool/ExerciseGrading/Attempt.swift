// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// One run of a grading program: what it proved, and why it ended.
struct Attempt {
  let log: GradeLog
  /// Why not all checks ran; nil if all did.
  let interruption: [String]?
  /// Whether it took so long that there is no second one.
  var wasSlow = false
}

extension SideGrade {
  /// Runs the checks of a side. A check that ends the program, by a trap or by
  /// `todo`, costs itself: the program runs again, from the next check on.
  ///
  ///     1 pass  2 pass  3 trap
  ///                             4 pass  5 todo
  ///                                             6 pass  end
  ///
  /// - Parameters:
  ///   - side: Where.
  ///   - run: Runs the program from a check on, under a key.
  /// - Returns: What all runs together have proved.
  static func collect(
    on side: Side, run: (_ first: Int, _ key: String) throws -> Attempt
  ) rethrows -> SideGrade {
    var grade = SideGrade(
      side: side, total: nil, passed: 0, failures: [], interruption: nil)
    var passed: Set<Int> = []
    var tried: [Int: String] = [:]
    var first = 1
    while true {
      let attempt = try run(first, newKey())
      let next = grade.add(attempt, from: first)
      passed.formUnion(attempt.log.passed.filter { $0 >= first })
      tried.merge(attempt.log.tried) { one, _ in one }
      guard let next else { break }
      first = next
    }
    if grade.total == nil { passed = [] }
    var result = SideGrade(
      side: side, total: grade.total, passed: passed.count,
      failures: grade.failures, interruption: grade.interruption,
      calledTodo: grade.calledTodo)
    result.weigh(tried)
    return result
  }

  /// Finds out how many checks there are, and as how many each that failed
  /// counts: it has all numbers up to that of the next. For the words only; the
  /// points come from what the digests prove.
  private mutating func weigh(_ tried: [Int: String]) {
    let numbers = tried.keys.sorted()
    guard interruption == nil, let total, numbers.first == 1,
      numbers.last.map({ $0 <= total }) == true,
      failures.count <= numbers.count
    else { return }
    checkCount = numbers.count
    for (number, next) in zip(numbers, numbers.dropFirst() + [total + 1]) {
      for index in failures.indices
      where failures[index].name == tried[number] {
        failures[index].worth = next - number
      }
    }
  }

  /// Takes over what one run has found, but for what passed.
  ///
  /// - Returns: The check to go on with; nil if there is nothing to go on with.
  private mutating func add(_ attempt: Attempt, from first: Int) -> Int? {
    let log = attempt.log
    // Every run counts the same checks, or what it says is worth nothing.
    guard first == 1 || log.total == total, !log.isContradictory else {
      total = nil
      interruption = ["It did not say the same number of checks twice."]
      return nil
    }
    total = log.total
    calledTodo = calledTodo || log.saidTodo
    failures += log.failures.map { Failure(name: $0.name, lines: $0.lines) }
    guard let words = attempt.interruption else { return nil }
    guard let open = log.open else {
      interruption = words
      return nil
    }
    failures.append(
      Failure(
        name: open.name,
        lines: log.saidTodo ? [GradeLog.notWritten] : shortened(words)))
    guard !attempt.wasSlow, open.check >= first, let total, open.check <= total
    else {
      interruption = ["The checks behind it did not run."]
      return nil
    }
    // Nothing is left behind the last.
    return open.check < total ? open.check + 1 : nil
  }

  /// What ended a run, or "as above" where an earlier check was ended in the
  /// same way: addresses may differ.
  private func shortened(_ words: [String]) -> [String] {
    let essence = { (lines: [String]) in
      lines.filter { !$0.contains("0x") && !$0.isEmpty }
    }
    let isKnown = failures.contains { essence($0.lines) == essence(words) }
    return isKnown ? ["as above: \(words[0])"] : words.filter { !$0.isEmpty }
  }

  /// 128 bits that no program could know before this run.
  private static func newKey() -> String {
    (0..<4).map { _ in
      let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}
