// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Scheduling

/// What once went wrong.
extension ThreadTests {
  @Suite struct DefectTests {
    @Test func `a size of a stack is rounded up to whole pages`() {
      Sizes.seen = []
      onOwnHart { _ in
        Scheduler<FirstCome, Sizes>.run {
          for size: UInt64 in [65_001, 131_072, 131_073] {
            try? Thread.spawn("worker", stack: size, {}).detach()
          }
        }
      }
      #expect(Sizes.seen == [65_536, 131_072, 135_168])
    }

    @Test func `a damaged end of a stack is found at the next switch`() async {
      await #expect(processExitsWith: .failure) {
        onOwnHart { _ in
          Scheduler<RoundRobin, HeapStacks>.run {
            let thread = try? Thread.spawn("worker") {
              // Its lowest words are never the stack's to use.
              let memory = unsafe IdentityMemory()
              memory.store(0, at: Hart.stack.lowerBound + 8)
              Thread.yield()
            }
            guard let thread else { return }
            _ = try? thread.join()
          }
        }
      }
    }

    @Test func `an absurd size of a stack is refused`() {
      onOwnHart { _ in
        Scheduler<FirstCome, HeapStacks>.run {
          let thread = try? Thread.spawn("worker", stack: .max, {})
          let isThere = thread != nil
          #expect(!isThere)
        }
      }
    }

    @Test func `a priority means nothing where nobody asks for it`() {
      let log = Log()
      onOwnHart { _ in
        Scheduler<RoundRobin, HeapStacks>.run {
          try? Thread.spawn("other") { log("o") }.detach()
          Thread.setPriority(.lowest)
          log("m")
        }
      }
      #expect(log.text == "mo")
    }

    @Test func `a handle may outlive its scheduler`() throws {
      let result = try onOwnHart { _ in
        let kept = Kept()
        Scheduler<FirstCome, HeapStacks>.run {
          kept.handle = try? Thread.spawn("worker") { 5 }
          kept.other = try? Thread.spawn("worker") { 6 }
        }
        kept.other = nil
        guard let handle = kept.handle.take() else { return 0 }
        let hasEnded = handle.wait(until: .never)
        #expect(hasEnded)
        return try handle.join()
      }
      #expect(result == 5)
    }

    @Test func `what a detached thread owns may wait and spawn at its end`() {
      final class Busy: Sendable {
        let log: Log
        init(_ log: Log) { self.log = log }
        deinit {
          Thread.sleep(for: .microseconds(10))
          for _ in 0..<3 {
            try? Thread.spawn("late") { [log] in log("l") }.detach()
          }
          Thread.yield()
          log("d")
        }
      }
      let log = Log()
      onOwnHart { _ in
        Scheduler<FirstCome, HeapStacks>.run {
          for _ in 0..<4 {
            let busy = Busy(log)
            try? Thread.spawn("worker") { _ = busy }.detach()
          }
        }
      }
      #expect(log.text.count { $0 == "l" } == 12)
      #expect(log.text.count { $0 == "d" } == 4)
    }

    @Test func `a hart may idle where a detached thread has ended`() {
      let log = Log()
      onOwnHart { _ in
        Scheduler<StrictPriority, HeapStacks>.run {
          // More than there are spare records, so that some are given back.
          for number: UInt64 in 1...40 {
            try? Thread.spawn("worker") {
              Thread.sleep(for: .microseconds(number * 100))
              log(".")
            }.detach()
          }
        }
      }
      #expect(log.text.count == 40)
    }

    @Test func `no timer is set while there is nothing to wait for`() {
      onOwnHart { hart in
        Scheduler<RoundRobin, HeapStacks>.run {
          Thread.sleep(for: .milliseconds(5))
          #expect(hart.timerComparison == .max)
        }
      }
    }

    @Test func `equals take turns though an urgent thread interrupts often`() {
      let log = Log()
      onOwnHart { _ in
        Scheduler<StrictPriority, HeapStacks>.run {
          try? Thread.spawn("urgent", priority: 30) {
            for _ in 0..<100 { Thread.sleep(for: .microseconds(150)) }
          }.detach()
          for letter in ["a", "b"] {
            try? Thread.spawn("worker") {
              for _ in 0..<4 {
                log(letter)
                compute(12_000)
              }
            }.detach()
          }
        }
      }
      // Whoever is first may have up to two slices.
      #expect(log.text.contains("abab"), "\(log.text)")
    }

    @Test func `a standstill ends the process`() async {
      await #expect(processExitsWith: .failure) {
        onOwnHart { _ in
          Scheduler<FirstCome, HeapStacks>.run {
            Thread.sleep(until: .never)
          }
        }
      }
    }
  }
}

private final class Kept {
  var handle: ThreadHandle<Int>?
  var other: ThreadHandle<Int>?
}

/// A source of stacks that remembers what it was asked for.
private struct Sizes: StackSource {
  nonisolated(unsafe) static var seen: [UInt64] = []
  private var source = HeapStacks()

  mutating func allocate(size: UInt64) -> Range<UInt64>? {
    unsafe Self.seen.append(size)
    return source.allocate(size: size)
  }

  mutating func release(_ stack: Range<UInt64>) { source.release(stack) }
}
