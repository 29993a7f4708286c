// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_6_2
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
      report.expectSwaps(2, threads: 2) { 0 }
    }
    grader.check("each waits for the other, many times") { report in
      report.expectSwaps(200, threads: 2) { 0 }
    }
    grader.check("six threads: nothing lost, all in pairs") { report in
      report.expectSwaps(600, threads: 6) { 0 }
    }
    grader.check("random numbers of threads, at random times") { report in
      var random = report.random()
      for _ in 0..<30 where !report.hasFailed {
        let threads = 2 + Int(random.next(below: 7))
        report.expectSwaps(40, threads: threads) { random.next(below: 4) }
      }
    }
    #if arch(riscv64)
      grader.check("a budget: who waits does not ask again and again") {
        report in
        report.expectBudget()
      }
    #else
      grader.check("who waits does not ask again and again") { report in
        report.expectSleep()
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
      _ count: Int, threads: Int, delay: () -> UInt64
    ) {
      let swaps = Swaps(count)
      let delays = Delays((0..<count).map { _ in delay() })
      withThreads {
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
      }
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
        let budget: UInt64 = 420
        let rounds: UInt64 = 100
        let swaps = Swaps(Int(rounds) * 2)
        var cost: UInt64 = 0
        withThreads {
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
    #else
      fileprivate mutating func expectSleep() {
        let swaps = Swaps(2)
        withThreads {
          start("waiter") { swaps.swap(0) }
          yield(times: 3)
          let hart = Switches.current
          let before = hart.count
          yield(times: 100)
          let count = hart.count - before
          expect(
            count <= 150,
            given: "a thread waits while another yields 100 times",
            expected: "nothing done meanwhile by the thread that waits",
            got: "it ran again and again, \(count) steps of both")
          swaps.swap(1)
        }
      }
    #endif
  }
#endif
