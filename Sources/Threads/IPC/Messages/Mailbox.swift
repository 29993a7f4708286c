// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// A bounded queue of messages between any number of threads.
///
///     post ──▶ ┌───┬───┬───┬───┐ ──▶ receive
///     post ──▶ │ 4 │ 3 │ 2 │ 1 │ ──▶ receive
///              └───┴───┴───┴───┘
///        waits while full      waits while empty
///
/// A message is moved: once it is posted, the sender has it no more, and the
/// receiver alone has it. The compiler checks that, also of
/// messages that cannot be copied. Messages arrive in the order in which they
/// were posted, each of them once.
///
/// `tryPost` and `tryReceive` may be called from an interrupt.
public final class Mailbox<Message: ~Copyable>: @unchecked Sendable {
  private let storage: RingStorage<Message>
  private let capacity: UInt64
  /// The number of the oldest message, and of the next to come.
  private var first: UInt64 = 0
  private var next: UInt64 = 0
  private let senders: WaitQueue
  private let receivers: WaitQueue

  /// A mailbox for `capacity` messages, from 1 to 2 to the power of 20.
  public init(capacity: Int, name: StaticString = "") {
    storage = RingStorage(capacity)
    self.capacity = UInt64(capacity)
    senders = WaitQueue(name, kind: "place in mailbox")
    receivers = WaitQueue(name, kind: "message in mailbox")
  }

  deinit {
    while first != next {
      _ = storage.empty(first)
      first &+= 1
    }
    storage.release()
  }

  /// How many messages are waiting now.
  public var count: Int {
    Hart.withInterruptsDisabled { Int(next &- first) }
  }

  // MARK: - Posting

  /// Posts a message; waits while there is no place for it.
  @inline(__always)
  public func post(_ message: consuming sending Message) {
    Dispatcher.mayWait(in: senders)
    let wereEnabled = Hart.disableInterrupts()
    if next &- first >= capacity { waitForPlace() }
    put(message, wereEnabled)
  }

  /// Posts a message, unless there is no place for it before the time is over.
  ///
  /// - Returns: The message, if it was not posted.
  public func post(
    _ message: consuming sending Message, until deadline: Instant
  ) -> Message? {
    Dispatcher.mayWait(in: senders)
    let wereEnabled = Hart.disableInterrupts()
    guard next &- first < capacity || waitForPlace(until: deadline) else {
      Dispatcher.endCriticalSection(wereEnabled)
      return message
    }
    put(message, wereEnabled)
    return nil
  }

  /// Posts a message if there is a place for it now.
  ///
  /// - Returns: The message, if it was not posted.
  public func tryPost(_ message: consuming sending Message) -> Message? {
    let wereEnabled = Hart.disableInterrupts()
    guard next &- first < capacity else {
      Hart.restoreInterrupts(wereEnabled)
      return message
    }
    put(message, wereEnabled)
    return nil
  }

  @inline(__always)
  private func put(_ message: consuming Message, _ wereEnabled: Bool) {
    storage.fill(next, message)
    next &+= 1
    leave(wereEnabled, waking: receivers)
  }

  // MARK: - Receiving

  /// Takes the oldest message; waits until there is one.
  @inline(__always)
  public func receive() -> Message {
    Dispatcher.mayWait(in: receivers)
    let wereEnabled = Hart.disableInterrupts()
    if first == next { waitForMessage() }
    return take(wereEnabled)
  }

  /// Takes the oldest message, unless there is none before the time is over.
  public func receive(until deadline: Instant) -> Message? {
    Dispatcher.mayWait(in: receivers)
    let wereEnabled = Hart.disableInterrupts()
    guard first != next || waitForMessage(until: deadline) else {
      Dispatcher.endCriticalSection(wereEnabled)
      return nil
    }
    return take(wereEnabled)
  }

  /// Takes the oldest message if there is one now.
  public func tryReceive() -> Message? {
    let wereEnabled = Hart.disableInterrupts()
    guard first != next else {
      Hart.restoreInterrupts(wereEnabled)
      return nil
    }
    return take(wereEnabled)
  }

  @inline(__always)
  private func take(_ wereEnabled: Bool) -> Message {
    let message = storage.empty(first)
    first &+= 1
    leave(wereEnabled, waking: senders)
    return message
  }

  // MARK: - With interrupts off

  @inline(never)
  private func waitForPlace() {
    Dispatcher.with { dispatcher in
      while next &- first >= capacity {
        senders.sleep(dispatcher, restoringInterrupts: false)
      }
    }
  }

  @inline(never)
  private func waitForMessage() {
    Dispatcher.with { dispatcher in
      while first == next {
        receivers.sleep(dispatcher, restoringInterrupts: false)
      }
    }
  }

  private func waitForPlace(until deadline: Instant) -> Bool {
    Dispatcher.with { dispatcher in
      while next &- first >= capacity {
        guard senders.sleep(dispatcher, until: deadline) else { return false }
      }
      return true
    }
  }

  private func waitForMessage(until deadline: Instant) -> Bool {
    Dispatcher.with { dispatcher in
      while first == next {
        guard receivers.sleep(dispatcher, until: deadline) else { return false }
      }
      return true
    }
  }

  @inline(never)
  private func wakeFirst(in queue: WaitQueue, _ wereEnabled: Bool) {
    Dispatcher.with {
      queue.wakeFirst($0, restoringInterrupts: wereEnabled)
    }
  }

  /// The end of the scope; if threads wait on the other side, one is woken.
  @inline(__always)
  private func leave(_ wereEnabled: Bool, waking queue: WaitQueue) {
    guard queue.isEmpty else { return wakeFirst(in: queue, wereEnabled) }
    Hart.restoreInterrupts(wereEnabled)
  }
}
