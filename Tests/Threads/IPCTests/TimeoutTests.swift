// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import IPC
@testable import Scheduling

/// A message that cannot be copied, and says when it goes.
struct Parcel: ~Copyable {
  let number: Int
  let gone: Shared
  deinit { gone.list.append(number) }
}

/// Runs `body` as the first thread of a hart whose clock goes to the next
/// deadline whenever it is idle.
func onOwnHart<Result>(_ body: () -> Result) -> Result {
  let hart = SimulatedHart()
  hart.onInterruptsEnabled = { $0.deliverTimerInterrupt() }
  hart.onWait = { $0.time = max($0.time, $0.timerComparison ?? 0) }
  return hart.run { Scheduler<StrictPriority, HeapStacks>.run(body) }
}

/// Starts a thread that a test does not wait for.
func start(_ priority: Priority = .normal, _ body: @escaping () -> Void) {
  nonisolated(unsafe) let body = body
  _ = try? Thread.spawn("test", priority: priority) { unsafe body() }
}

/// Now or not at all, or until a time; in vain each time.
@Suite struct TimeoutTests {
  private let soon = Instant(ticks: 100)
  private let past = Instant(ticks: 0)

  @Test func `a semaphore without permits lets nobody in`() {
    let answers = onOwnHart {
      let semaphore = Semaphore(0)
      return [
        semaphore.tryWait(), semaphore.wait(until: past),
        semaphore.wait(until: soon), Instant.now < soon,
      ]
    }
    #expect(answers == [false, false, false, false])
  }

  @Test func `a semaphore's permit is there at once`() {
    let answers = onOwnHart {
      let semaphore = Semaphore(2)
      return [
        semaphore.tryWait(), semaphore.wait(until: past), semaphore.tryWait(),
      ]
    }
    #expect(answers == [true, true, false])
  }

  @Test func `a thread woken on the idle hart gives back what was lent`() {
    // Both deadlines have passed when the hart looks: the owner becomes ready
    // first, and is in the run queue when the waiter's loan ends.
    let hart = SimulatedHart()
    hart.onInterruptsEnabled = { $0.deliverTimerInterrupt() }
    hart.onWait = { $0.time = max($0.time, ($0.timerComparison ?? 0) + 50) }
    let order = hart.run {
      Scheduler<StrictPriority, HeapStacks>.run {
        let (mutex, order) = (Mutex(0), Shared())
        start(8) { order.list.append(8) }
        Thread.setPriority(4)
        mutex.withLock { _ in
          start(24) {
            let got: Void? = mutex.withLock(until: Instant(ticks: 120)) { _ in }
            order.list.append(got == nil ? 24 : 0)
            start(12) { order.list.append(12) }
          }
          Thread.sleep(until: Instant(ticks: 100))
        }
        order.list.append(Int(ThreadReference.running.record.priority.level))
        return order
      }
    }
    #expect(order.list == [8, 24, 12, 4])
  }

  @Test func `a mutex that is taken stays so`() {
    let answers = onOwnHart {
      let (mutex, answers) = (Mutex(0), Shared())
      mutex.withLock { _ in
        start(24) {
          for deadline in [past, soon] {
            let got: Void? = mutex.withLock(until: deadline) { _ in }
            answers.list.append(got == nil ? 0 : 1)
          }
          let got: Void? = mutex.withLockIfFree { _ in }
          answers.list.append(got == nil ? 0 : 1)
        }
        Thread.sleep(until: Instant(ticks: 200))
      }
      answers.list.append(mutex.withLockIfFree { _ in 7 } ?? 0)
      return answers.list
    }
    #expect(answers == [0, 0, 0, 7])
  }

  @Test func `a full mailbox gives the message back`() {
    let gone = Shared()
    let numbers: [Int] = onOwnHart {
      let mailbox = Mailbox<Parcel>(capacity: 1)
      mailbox.post(Parcel(number: 1, gone: gone))
      var numbers: [Int] = []
      if let back = mailbox.tryPost(Parcel(number: 2, gone: gone)) {
        numbers.append(back.number)
      }
      if let back = mailbox.post(Parcel(number: 3, gone: gone), until: soon) {
        numbers.append(back.number)
      }
      return numbers
    }
    #expect(numbers == [2, 3])
    // What was left goes with the mailbox.
    #expect(gone.list == [2, 3, 1])
  }

  @Test func `an empty mailbox has nothing, now or later`() {
    let isEmpty = onOwnHart {
      let mailbox = Mailbox<Int>(capacity: 1)
      return [
        mailbox.tryReceive() == nil, mailbox.receive(until: past) == nil,
        mailbox.receive(until: soon) == nil,
      ]
    }
    #expect(isEmpty == [true, true, true])
  }

  @Test func `a barrier counts nobody whose time is over`() {
    let answers = onOwnHart {
      let barrier = Barrier(2)
      let alone = barrier.wait(until: soon)
      start { barrier.wait() }
      Thread.yield()
      return [alone, barrier.wait(until: Instant(ticks: 300))]
    }
    #expect(answers == [nil, true])
  }

  @Test func `events that do not come are none`() {
    let events = onOwnHart {
      let flags = EventFlags()
      flags.set(1)
      return [
        flags.wait(of: 3, until: soon), flags.wait(for: .any, of: 3),
        flags.wait(of: 1, clearing: true), flags.current,
      ]
    }
    #expect(events == [0, 1, 1, 0])
  }

  @Test func `a condition without a signal gives the mutex back`() {
    let answers = onOwnHart {
      let (mutex, condition) = (Mutex(0), Condition())
      var guarded = mutex.locked()
      let isSignalled = condition.wait(&guarded, until: soon)
      return [isSignalled, mutex.owner == .running]
    }
    #expect(answers == [false, true])
  }

  @Test func `a guard unlocks on the way out`() {
    let isFree = onOwnHart {
      let mutex = Mutex(0)
      func early(_ leaves: Bool) {
        var guarded = mutex.locked()
        guard !leaves else { return }
        guarded.use { $0 += 1 }
      }
      early(true)
      early(false)
      return mutex.owner == nil && mutex.withLock { $0 } == 1
    }
    #expect(isFree)
  }

  @Test func `the most urgent is served first, equals in turn`() {
    let order = onOwnHart {
      let (semaphore, shared) = (Semaphore(0), Shared())
      for (number, priority) in [(1, 8), (2, 20), (3, 8), (4, 24)] {
        start(Priority(priority)) {
          semaphore.wait()
          shared.list.append(number)
        }
      }
      Thread.sleep(until: soon)
      for _ in 0..<4 { semaphore.signal() }
      Thread.sleep(until: Instant(ticks: 200))
      return shared.list
    }
    #expect(order == [4, 2, 1, 3])
  }

  @Test func `a mutex is not locked twice by one thread`() async {
    await #expect(processExitsWith: .failure) {
      onOwnHart {
        let mutex = Mutex(0)
        mutex.withLock { _ in mutex.withLock { _ in } }
      }
    }
  }

  @Test func `a ring of threads is found out`() async {
    await #expect(processExitsWith: .failure) {
      onOwnHart {
        let (one, two) = (Mutex(0), Mutex(0))
        start(8) {
          one.withLock { _ in
            Thread.sleep(until: Instant(ticks: 100))
            two.withLock { _ in }
          }
        }
        two.withLock { _ in
          Thread.sleep(until: Instant(ticks: 50))
          one.withLock { _ in }
        }
      }
    }
  }
}
