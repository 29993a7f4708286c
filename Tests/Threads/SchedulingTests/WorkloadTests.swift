// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Scheduling

extension ThreadTests {
  @Suite struct WorkloadTests {
    static let seeds: ClosedRange<UInt64> = 1...60

    private func check<Policy: SchedulingPolicy & ~Copyable>(
      _ policy: Policy.Type, seed: UInt64, preempting: Bool,
      by checker: TraceChecker
    ) {
      let workload = Workload(seed: seed, preempting: preempting)
      let lines = workload.run(policy)
      var checker = checker
      checker.follow(lines, changes: workload.changes)
      #expect(workload.problems.isEmpty, "seed \(seed)")
      #expect(checker.problems.isEmpty, "seed \(seed)")
      // What each computed is what it had the hart for, and nothing is lost.
      let used = checker.times.filter { $0.value > 0 }
      #expect(used == workload.spent.filter { $0.value > 0 }, "seed \(seed)")
      let span = (lines.last?.ticks ?? 0) - (lines.first?.ticks ?? 0)
      #expect(checker.times.values.reduce(0, +) == span)
    }

    @Test(arguments: seeds)
    func `first come is first served`(seed: UInt64) {
      check(
        FirstCome.self, seed: seed, preempting: false,
        by: TraceChecker(promise: .order))
    }

    @Test(arguments: seeds)
    func `round robin lets nobody wait for more than two slices each`(
      seed: UInt64
    ) {
      // A slice of one millisecond is 10,000 ticks; a step of work, 50.
      check(
        RoundRobin.self, seed: seed, preempting: false,
        by: TraceChecker(promise: .order, turn: 2 * 10_050))
    }

    @Test(arguments: seeds)
    func `round robin keeps the order when it is interrupted anywhere`(
      seed: UInt64
    ) {
      check(
        RoundRobin.self, seed: seed, preempting: true,
        by: TraceChecker(promise: .order))
    }

    @Test(arguments: seeds)
    func `the most urgent thread runs at every point of switching`(
      seed: UInt64
    ) {
      check(
        StrictPriority.self, seed: seed, preempting: false,
        by: TraceChecker(promise: .urgency))
    }

    @Test(arguments: seeds)
    func `the most urgent thread runs when it is interrupted anywhere`(
      seed: UInt64
    ) {
      check(
        StrictPriority.self, seed: seed, preempting: true,
        by: TraceChecker(promise: .urgency))
    }
  }
}
