// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_5_3
import Grading
import Scheduling

func checkStride(_ grader: inout Grader) {
  grader.check("a turn costs 1 << 20 divided by the tickets", worth: 3) {
    report in
    report.expectStrides()
  }
  grader.check("among equals, the first in the line is next") { report in
    report.expect(
      order(of: 3) { policy, threads in for _ in 0..<6 { policy.turn() } },
      is: [0, 1, 2, 0, 1, 2], given: "3 threads with equal tickets, 6 turns")
  }
  grader.check("a thread that is put back goes on, and pays once") { report in
    let pass = report.expectToGoOn()
    report.expect(
      pass, is: 1 << 20,
      given: "a thread with 1 ticket is taken, put back and taken again")
  }
  grader.check("passes may wrap around") { report in
    report.expect(
      order(of: 2) { policy, threads in
        policy.leap(with: threads[0])
        for _ in 0..<8 { policy.turn() }
      },
      is: [0, 1, 0, 1, 0, 1, 0, 1],
      given: "2 threads with 1 ticket each, 3 turns before the wrap-around")
  }
  grader.check("threads run in proportion to their tickets", worth: 6) {
    report in
    report.expectShares()
  }
  grader.check("threads with equal tickets alternate") { report in
    let turns = Turns()
    onStride {
      for name in 0..<2 { turns.spawn(name, until: 40) }
    }
    report.expectBurst(
      of: 1, in: turns, from: 2, atMost: 1, given: "2 threads, 40 turns")
  }
  grader.check(
    "a pass is raised to that of the last turn, before it paid",
    worth: 2
  ) { report in report.expectFloor() }
  grader.check("a newcomer has not saved up turns") { report in
    let turns = Turns()
    onStride {
      turns.spawn(0, until: 440, startsOtherAt: 400)
      turns.spawn(2, until: 440)
    }
    report.expectBurst(
      of: 1, in: turns, from: 400, atMost: 2,
      given: "threads 0 and 2 take turns; after 400, thread 1 comes")
  }
  grader.check("who has waited has not saved up turns") { report in
    let turns = Turns()
    onStride { turns.waitForOther() }
    report.expectBurst(
      of: 1, in: turns, from: turns.start, atMost: 2,
      given: "thread 1 waits while thread 0 has 400 turns; 40 turns more")
  }
  grader.check("no thread starves") { report in
    let turns = Turns()
    onStride {
      turns.spawn(0, priority: 31, until: 330)
      turns.spawn(1, priority: 0, until: 330)
    }
    report.expectBurst(
      of: 0, in: turns, from: 0, atMost: 34,
      given: "32 tickets for thread 0, 1 for thread 1; 330 turns")
  }
}

extension Report {
  fileprivate mutating func expectStrides() {
    for level in [0, 1, 2, 3, 31] {
      var pass: UInt64 = 0
      withSleepers([level]) { threads in
        var policy = Stride()
        policy.add(threads[0])
        _ = policy.takeNext()
        pass = threads[0].record.policyWord
      }
      expect(
        pass, is: (1 << 20) / (UInt64(level) + 1),
        given: "the first turn of a thread of level \(level); its pass")
    }
  }

  /// Threads 0 to 2 with a ticket each. Thread 0 has two turns, then the
  /// others come.
  fileprivate mutating func expectFloor() {
    let stride: UInt64 = 1 << 20
    var passes: [UInt64] = []
    var next = -1
    withSleepers([0, 0, 0]) { threads in
      var policy = Stride()
      policy.add(threads[0])
      _ = policy.takeNext()
      policy.add(threads[0])
      _ = policy.takeNext()
      policy.add(threads[1])
      passes = [threads[1].record.policyWord]
      policy.add(threads[0])
      policy.remove(threads[0])
      policy.add(threads[0])
      passes.append(threads[0].record.policyWord)
      next = policy.takeNext().flatMap { threads.firstIndex(of: $0) } ?? -1
      policy.add(threads[2])
      passes.append(threads[2].record.policyWord)
    }
    let cases: [(StaticString, UInt64)] = [
      ("1 comes during the second turn of 0, taken at 1 << 20", stride),
      ("0 comes back after its second turn, twice", 2 * stride),
      ("2 comes during the first turn of 1, taken at 1 << 20", stride),
    ]
    for (index, (what, pass)) in cases.enumerated() {
      expect(
        index < passes.count ? passes[index] : .max, is: pass,
        given: "threads with 1 ticket: \(what); its pass")
    }
    expect(
      next == 1, given: "thread 0 has paid for two turns, 1 for none",
      expected: "thread 1 is next", got: "\(next) (-1 is nil)")
  }

  /// Returns the pass after one turn with an interruption.
  fileprivate mutating func expectToGoOn() -> UInt64 {
    var pass: UInt64 = 0
    var goesOn = false
    withSleepers([0, 0]) { threads in
      var policy = Stride()
      for thread in threads { policy.add(thread) }
      guard let first = policy.takeNext() else { return }
      policy.putBack(first)
      goesOn = policy.takeNext() == first
      pass = first.record.policyWord
    }
    expect(
      goesOn, given: "2 threads; one is taken, put back, one is taken",
      expected: "the same one again", got: "the other one, or nil")
    return pass
  }

  fileprivate mutating func expectShares() {
    let turns = Turns()
    onStride {
      for (name, level) in [0, 1, 3].enumerated() {
        turns.spawn(name, priority: level, until: 7000)
      }
    }
    for (name, tickets) in [1, 2, 4].enumerated() {
      let count = turns.count(of: name)
      expect(
        abs(count - 1000 * tickets) <= 50 * tickets,
        given: "1, 2 and 4 tickets, 7000 turns; thread \(name)",
        expected: "\(1000 * tickets) turns, or 5 % more or less",
        got: "\(count) turns")
    }
  }

  /// Fails unless the turns of `name` from the turn `start` on come at most
  /// so many in a row.
  fileprivate mutating func expectBurst(
    of name: Int, in turns: Turns, from start: Int, atMost limit: Int,
    given: StaticString
  ) {
    let (count, burst) = turns.longestBurst(of: name, from: start)
    expect(
      count > 0 && burst <= limit, given: "\(given)",
      expected: "at most \(limit) turns of thread \(name) in a row",
      got: "\(burst) in a row, \(count) in all")
  }

  fileprivate mutating func expect(
    _ got: [Int], is expected: [Int], given: StaticString
  ) {
    for (turn, name) in expected.enumerated() {
      let other = turn < got.count ? got[turn] : -1
      guard
        expect(
          other == name, given: "\(given); turn \(turn + 1)",
          expected: "thread \(name)", got: "thread \(other) (-1 is nil)")
      else { return }
    }
  }
}
