// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_5_1
import Grading
import Hart
import Scheduling

func checkTurnOrder(_ grader: inout Grader) {
  grader.check("the order under first come") { report in
    report.expect(
      Prediction.firstCome, is: run(FirstCome.self), under: FirstCome.name)
  }
  grader.check("the order under strict priority") { report in
    report.expect(
      Prediction.strictPriority, is: run(StrictPriority.self),
      under: StrictPriority.name)
  }
}

/// Writes down who says something, in order.
private final class Letters: @unchecked Sendable {
  private(set) var letters: [UInt8] = []

  func say(_ letter: UInt8) { letters.append(letter) }
}

/// The exercise's program, as it was at first: what a student changes in the
/// copy beside the prediction counts for nothing.
private func takeTurns(_ turns: Letters) throws(ThreadError) {
  let a = try Thread.spawn("a", priority: 10) {
    for _ in 0..<3 {
      turns.say(UInt8(ascii: "a"))
      Thread.yield()
    }
  }
  let b = try Thread.spawn("b", priority: 20) {
    turns.say(UInt8(ascii: "b"))
    let d = try? Thread.spawn("d", priority: 15) {
      for _ in 0..<2 {
        turns.say(UInt8(ascii: "d"))
        Thread.yield()
      }
    }
    turns.say(UInt8(ascii: "b"))
    try? d?.join()
    turns.say(UInt8(ascii: "b"))
  }
  let c = try Thread.spawn("c", priority: 10) {
    for _ in 0..<3 {
      turns.say(UInt8(ascii: "c"))
      Thread.yield()
    }
  }
  turns.say(UInt8(ascii: "m"))
  try a.join()
  try b.join()
  try c.join()
  turns.say(UInt8(ascii: "m"))
}

/// What really happens: on the board's hart, or on one of the test's own.
private func run<Policy: SchedulingPolicy & ~Copyable>(
  _: Policy.Type
) -> [UInt8] {
  let turns = Letters()
  func runOnHart() {
    Scheduler<Policy, HeapStacks>.run { try? takeTurns(turns) }
  }
  #if arch(riscv64)
    runOnHart()
  #else
    SimulatedHart().run { runOnHart() }
  #endif
  return turns.letters
}

extension Report {
  /// Compares letter by letter: the first difference is worth a thought.
  fileprivate mutating func expect(
    _ prediction: StaticString, is letters: [UInt8],
    under policy: StaticString
  ) {
    let count = prediction.utf8CodeUnitCount
    for index in 0..<min(count, letters.count) {
      let said = unsafe prediction.utf8Start[index]
      guard
        expect(
          said == letters[index],
          given: "\(policy), your prediction \(prediction)",
          expected: "\(name(of: letters[index])) as letter \(index + 1)",
          got: "\(name(of: said))")
      else { return }
    }
    expect(
      count == letters.count,
      given: "\(policy), your prediction \(prediction)",
      expected: "\(letters.count) letters", got: "\(count)")
  }
}

private func name(of letter: UInt8) -> StaticString {
  switch letter {
  case UInt8(ascii: "a"): "a"
  case UInt8(ascii: "b"): "b"
  case UInt8(ascii: "c"): "c"
  case UInt8(ascii: "d"): "d"
  case UInt8(ascii: "m"): "m"
  default: "another letter"
  }
}
