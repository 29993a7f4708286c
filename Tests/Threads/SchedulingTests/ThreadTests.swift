// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Scheduling

/// The same threads that the board runs, on the host's own switch.
@Suite(.serialized) struct ThreadTests {
  @Test func `a thread's result comes to whoever joins it`() throws {
    let result = try onOwnHart { _ in
      try Scheduler<FirstCome, HeapStacks>.run {
        Swift.Result { try Thread.spawn("worker") { 6 * 7 }.join() }
      }.get()
    }
    #expect(result == 42)
  }

  @Test func `a result that cannot be copied moves`() throws {
    struct Key: ~Copyable { let number: Int }
    let number = onOwnHart { _ in
      Scheduler<FirstCome, HeapStacks>.run {
        (try? Thread.spawn("worker") { Key(number: 7) }.join().number) ?? 0
      }
    }
    #expect(number == 7)
  }

  @Test func `threads take turns when they yield`() {
    let log = Log()
    onOwnHart { _ in
      Scheduler<FirstCome, HeapStacks>.run {
        for letter in ["a", "b", "c"] {
          try? Thread.spawn("worker") {
            for _ in 0..<3 {
              log(letter)
              Thread.yield()
            }
          }.detach()
        }
      }
    }
    #expect(log.text == "abcabcabc")
  }

  @Test func `the more urgent thread runs first, and is run at once`() {
    let log = Log()
    onOwnHart { _ in
      Scheduler<StrictPriority, HeapStacks>.run {
        try? Thread.spawn("low", priority: 4) { log("l") }.detach()
        try? Thread.spawn("high", priority: 24) { log("h") }.detach()
        log("m")
      }
    }
    #expect(log.text == "hml")
  }

  @Test func `a thread that computes is interrupted after its slice`() {
    let log = Log()
    onOwnHart { _ in
      Scheduler<RoundRobin, HeapStacks>.run {
        for letter in ["a", "b"] {
          try? Thread.spawn("worker") {
            for _ in 0..<4 {
              log(letter)
              compute(10_000)
            }
          }.detach()
        }
      }
    }
    #expect(log.text.contains("ab"))
    #expect(log.text.contains("ba"))
    #expect(log.text.count == 8)
  }

  @Test func `without slices nobody is interrupted`() {
    let log = Log()
    onOwnHart { _ in
      Scheduler<FirstCome, HeapStacks>.run {
        for letter in ["a", "b"] {
          try? Thread.spawn("worker") {
            for _ in 0..<4 {
              log(letter)
              compute(10_000)
            }
          }.detach()
        }
      }
    }
    #expect(log.text == "aaaabbbb")
  }

  @Test func `a sleeper wakes at its time, never before`() {
    var late: [UInt64] = []
    onOwnHart { hart in
      Scheduler<FirstCome, HeapStacks>.run {
        for span: UInt64 in [1, 50, 1000] {
          let end = Instant.now(plus: .microseconds(span))
          Thread.sleep(until: end)
          late.append(hart.time &- end.ticks)
        }
      }
    }
    #expect(late.allSatisfy { $0 < 100 }, "\(late)")
  }

  @Test func `a wait for the end of a thread may be over before`() throws {
    try onOwnHart { _ in
      try Scheduler<FirstCome, HeapStacks>.run {
        Swift.Result {
          let thread = try Thread.spawn("sleeper") {
            Thread.sleep(for: .milliseconds(2))
            return 1
          }
          let early = thread.wait(until: .now(plus: .milliseconds(1)))
          let ended = thread.hasEnded
          let later = thread.wait(until: .now(plus: .milliseconds(5)))
          #expect([early, ended, later] == [false, false, true])
          let result = try thread.join()
          #expect(result == 1)
        }
      }.get()
    }
  }

  @Test func `a thread that exits has no result`() {
    let error = onOwnHart { _ in
      Scheduler<FirstCome, HeapStacks>.run { () -> ThreadError? in
        do throws(ThreadError) {
          let thread = try Thread.spawn("worker") { () -> Int in
            Thread.exit()
          }
          _ = try thread.join()
          return nil
        } catch {
          return error
        }
      }
    }
    #expect(error == .endedEarly)
  }

  @Test func `who lets go of a thread does not stop it`() {
    let log = Log()
    onOwnHart { _ in
      Scheduler<FirstCome, HeapStacks>.run {
        _ = try? Thread.spawn("worker") { log("done") }
      }
    }
    #expect(log.text == "done")
  }

  @Test func `what a thread's body owns is released in the end`() {
    final class Witness: Sendable {}
    weak var witness: Witness?
    onOwnHart { _ in
      Scheduler<FirstCome, HeapStacks>.run {
        let owned = Witness()
        witness = owned
        try? Thread.spawn("worker") { _ = owned }.detach()
      }
    }
    #expect(witness == nil)
  }

  @Test func `ten thousand threads leave nothing behind`() {
    Counting.reset()
    onOwnHart { _ in
      Scheduler<FirstCome, Counting>.run {
        for _ in 0..<10_000 { try? Thread.spawn("worker", {}).join() }
      }
    }
    #expect(Counting.live == 0)
    // Stacks are used again.
    #expect(Counting.allocations < 20)
  }

  @Test func `many at a time are given back as well`() {
    Counting.reset()
    onOwnHart { _ in
      Scheduler<RoundRobin, Counting>.run {
        for _ in 0..<100 {
          try? Thread.spawn("worker") { Thread.yield() }.detach()
        }
        for _ in 0..<10 {
          try? Thread.spawn("large", stack: 300_000, {}).detach()
        }
      }
    }
    #expect(Counting.allocations == 110)
    #expect(Counting.live == 0)
  }

  @Test func `without memory for a stack there is no thread`() {
    for failing in 0..<6 {
      Counting.reset(failingAt: failing)
      var errors = 0
      let ended = Log()
      onOwnHart { _ in
        Scheduler<FirstCome, Counting>.run {
          for _ in 0..<5 {
            do throws(ThreadError) {
              try Thread.spawn("worker") { ended(".") }.detach()
            } catch {
              #expect(error == .outOfMemory)
              errors += 1
            }
          }
        }
      }
      #expect(errors == (failing < 5 ? 1 : 0))
      #expect(ended.text.count == 5 - errors)
      #expect(Counting.live == 0)
    }
  }
}

/// A source of stacks that counts, and may fail once.
struct Counting: StackSource {
  nonisolated(unsafe) static var live = 0
  nonisolated(unsafe) static var allocations = 0
  nonisolated(unsafe) static var failingAt = -1

  static func reset(failingAt: Int = -1) {
    unsafe (live, allocations) = (0, 0)
    unsafe Self.failingAt = failingAt
  }

  private var source = HeapStacks()

  mutating func allocate(size: UInt64) -> Range<UInt64>? {
    unsafe Self.failingAt -= 1
    guard unsafe Self.failingAt != -1 else { return nil }
    unsafe Self.live += 1
    unsafe Self.allocations += 1
    return source.allocate(size: size)
  }

  mutating func release(_ stack: Range<UInt64>) {
    unsafe Self.live -= 1
    source.release(stack)
  }
}
