// SPDX-License-Identifier: BSD-3-Clause

import Console
import Ch6Shared
import Exercise_6_2
import Grading
import Hart
import Scheduling

/// What is swapped: it cannot be copied.
private struct Item: ~Copyable {
  let number: Int
}

/// Who has got what.
private final class Swaps: @unchecked Sendable {
  let place = Rendezvous<Item>()
  /// For each item, what was got for it.
  var got: [Int]
  var taken = 0
  var done = 0
  /// What the thread has got that waited last.
  var last = -1

  init(_ count: Int) { got = Array(repeating: -1, count: count) }

  func takeNumber() -> Int? {
    guard taken < got.count else { return nil }
    defer { taken += 1 }
    return taken
  }

  func swap(_ number: Int) {
    got[number] = place.exchange(Item(number: number)).number
    done += 1
  }
}

func checkRendezvous(_ grader: inout Grader) {
  grader.check("two threads swap what they have") { report in
    report.expectSwaps(2, threads: 2, isLong: false) { 0 }
  }
  grader.check("each waits for the other, many times") { report in
    report.expectSwaps(200, threads: 2) { 0 }
  }
  grader.check("six threads: nothing lost, all in pairs", worth: 3) {
    report in
    report.expectSwaps(600, threads: 6) { 0 }
  }
  grader.check("random numbers of threads, at random times", worth: 2) {
    report in
    var random = report.random()
    for _ in 0..<30 where !report.hasFailed {
      let threads = 2 + Int(random.next(below: 7))
      report.expectSwaps(40, threads: threads) { random.next(below: 4) }
    }
  }
  #if arch(riscv64)
    grader.check("a budget for ten yields and a swap", worth: 2) {
      report in
      report.expectBudget()
    }
  #endif
}

/// The delays that a check has drawn beforehand: threads share them.
private final class Delays: @unchecked Sendable {
  private let times: [UInt64]
  private var next = 0
  init(_ times: [UInt64]) { self.times = times }
  func wait() {
    next += 1
    yield(times: times[(next - 1) % times.count])
  }
}

extension Report {
  fileprivate mutating func expectSwaps(
    _ count: Int, threads: Int, isLong: Bool = true, delay: () -> UInt64
  ) {
    let swaps = Swaps(count)
    let delays = Delays((0..<count).map { _ in delay() })
    withThreads {
      let alone = turnsWhileYielding()
      for _ in 0..<threads {
        start("swapper") {
          while let number = swaps.takeNumber() {
            delays.wait()
            swaps.swap(number)
          }
        }
      }
      let isDone = letOthersRun { swaps.done == count }
      expect(
        isDone, given: "\(threads) threads, \(count) values",
        expected: "all of them swapped in pairs",
        got: "\(swaps.done) swapped; the others wait for ever")
      expectPairs(swaps, threads)
      if isLong, !hasFailed { expectWaiting(swaps, alone) }
    }
  }

  /// One more thread, which waits for a partner: this one.
  private mutating func expectWaiting(_ swaps: Swaps, _ alone: Int) {
    start("waiter") {
      swaps.last = swaps.place.exchange(Item(number: 7)).number
    }
    yield(times: 3)
    expectSleep("one thread waits for a partner", alone: alone)
    let mine = swaps.place.exchange(Item(number: 8)).number
    let isDone = letOthersRun { swaps.last >= 0 }
    expect(
      isDone && swaps.last == 8 && mine == 7,
      given: "a thread has waited with 7, and another one comes with 8",
      expected: "the first leaves with 8, the second with 7",
      got: isDone ? "\(swaps.last) and \(mine)" : "the first waits for ever")
  }

  private mutating func expectPairs(_ swaps: Swaps, _ threads: Int) {
    for (mine, theirs) in swaps.got.enumerated() where !hasFailed {
      let back = swaps.got[theirs]
      expect(
        theirs != mine && back == mine,
        given: "\(threads) threads; the one with \(mine) got \(theirs)",
        expected: "another's value, and that one got \(mine)",
        got: theirs == mine ? "its own" : "that one got \(back)")
    }
  }

  #if arch(riscv64)
    fileprivate mutating func expectBudget() {
      // The reference needs 430.
      let budget: UInt64 = 500
      let rounds: UInt64 = 100
      let swaps = Swaps(Int(rounds) * 2)
      var cost: UInt64 = 0
      withThreads(isMeasured: true) {
        start("partner") {
          for round in 0..<Int(rounds) { swaps.swap(round * 2) }
        }
        for round in 0..<Int(rounds) {
          yield(times: 2)
          let start = Hart.instructionsRetired
          yield(times: 10)
          swaps.swap(round * 2 + 1)
          cost += Hart.instructionsRetired - start
        }
      }
      let average = cost / rounds
      expect(
        average <= budget,
        given: "a thread waits; its partner yields ten times, then swaps",
        expected: "at most \(budget) instructions for all of that",
        got: "\(average)")
    }
  #endif
}
