// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import IPC
@testable import Scheduling

/// A call that the handler of an interrupt must not make.
enum Waiting: String, CaseIterable, Codable {
  case sleep, yield, exit, join, semaphore, mutex, guarded, mailbox, post
  case queue, barrier, events, once, pipe, readWrite, channel

  /// Calls it within an interrupt, where it would have to wait.
  func callInInterrupt() {
    let hart = SimulatedHart()
    hart.onInterruptsEnabled = { $0.deliverTimerInterrupt() }
    hart.onWait = { $0.time = max($0.time, $0.timerComparison ?? 0) }
    hart.run {
      Scheduler<RoundRobin, HeapStacks>.run {
        let sleeper = try? Thread.spawn("sleeper") {
          Thread.sleep(until: Instant(ticks: 1000))
        }
        let things = Things()
        // Locked or begun by a thread that waits.
        start {
          things.mutex.withLock { _ in
            things.lock.write { _ in
              things.once.run { Thread.sleep(until: Instant(ticks: 1000)) }
            }
          }
        }
        Thread.yield()
        if self == .join { return joins(hart, sleeper) }
        hart.deliverExternalInterrupt { call(things) }
      }
    }
  }

  private func joins(
    _ hart: SimulatedHart, _ thread: consuming ThreadHandle<()>?
  ) {
    let keeper = Keeper(thread)
    hart.deliverExternalInterrupt { try? keeper.thread.take()?.join() }
  }

  private func call(_ things: Things) {
    switch self {
    case .sleep: Thread.sleep(for: .nanoseconds(100))
    case .yield: Thread.yield()
    case .exit: Thread.exit()
    case .join: break
    case .semaphore: Semaphore(0, name: "x").wait()
    case .mutex: things.mutex.withLock { $0 += 1 }
    case .guarded:
      var guarded = things.mutex.locked()
      guarded.use { $0 += 1 }
    case .mailbox: _ = Mailbox<Int>(capacity: 1).receive()
    case .post:
      let mailbox = Mailbox<Int>(capacity: 1)
      _ = mailbox.tryPost(1)
      mailbox.post(2)
    case .queue: WaitQueue().wait { false }
    case .barrier: Barrier(2).wait()
    case .events: EventFlags().wait(of: 1)
    case .once: things.once.run {}
    case .pipe: _ = Pipe().read(upTo: 1)
    case .readWrite: things.lock.read { _ in }
    case .channel:
      Channel<Int>.open(capacity: 1) { _, receiver in
        var receiver = receiver
        _ = receiver.receive()
      }
    }
  }

  /// What the last words name.
  var words: String {
    switch self {
    case .sleep: "Thread.sleep was called inside"
    case .yield: "Thread.yield was called inside"
    case .exit: "Thread.exit was called inside"
    case .join: "ThreadHandle.join was called inside"
    case .semaphore: "waited for: semaphore \"x\""
    case .mutex, .guarded: "waited for: mutex \"m\""
    case .mailbox: "waited for: message in mailbox"
    case .post: "waited for: place in mailbox"
    case .queue: "waited for: condition"
    case .barrier: "waited for: barrier"
    case .events: "waited for: event"
    case .once: "waited for: once"
    case .pipe: "waited for: bytes in pipe"
    case .readWrite: "waited for: lock, to read"
    case .channel: "waited for: message in channel"
    }
  }
}

private final class Things: @unchecked Sendable {
  let mutex = Mutex(0, name: "m")
  let lock = ReadWriteLock(0)
  let once = Once()
}

private final class Keeper: @unchecked Sendable {
  var thread: ThreadHandle<()>?
  init(_ thread: consuming ThreadHandle<()>?) { self.thread = thread }
}

/// The handler of an interrupt must not wait.
@Suite struct InterruptTests {
  @Test(arguments: Waiting.allCases)
  func `waiting inside an interrupt is refused`(waiting: Waiting) async {
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [waiting = waiting as Waiting] in waiting.callInInterrupt() }
    let text = String(
      decoding: end?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(waiting.words), "\(text)")
    #expect(text.contains("handler of an interrupt"), "\(text)")
  }

  @Test func `what does not wait may be called from an interrupt`() {
    let hart = SimulatedHart()
    hart.onInterruptsEnabled = { $0.deliverTimerInterrupt() }
    hart.onWait = { $0.time = max($0.time, $0.timerComparison ?? 0) }
    let results = hart.run {
      Scheduler<RoundRobin, HeapStacks>.run {
        let (semaphore, mailbox) = (Semaphore(0), Mailbox<Int>(capacity: 1))
        let (events, shared) = (EventFlags(), Shared())
        start {
          semaphore.wait()
          shared.list.append(mailbox.receive())
          shared.list.append(Int(events.wait(of: 4)))
        }
        Thread.yield()
        hart.deliverExternalInterrupt {
          semaphore.signal()
          semaphore.signal()
          _ = mailbox.tryPost(7)
          events.set(4)
          shared.list.append(semaphore.tryWait() ? 1 : 0)
          let isInTime = WaitQueue().wait(
            until: { false }, deadline: Instant(ticks: 0))
          shared.list.append(isInTime ? 1 : 0)
        }
        Thread.sleep(until: Instant(ticks: 10))
        return shared.list
      }
    }
    #expect(results == [1, 0, 7, 4])
  }
}
