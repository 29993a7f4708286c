// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// A queue of messages from one sender to one receiver, without a lock.
///
///     Channel<UInt64>.open(capacity: 16) { sender, receiver in … }
///
/// Each end exists once and cannot be copied, so the compiler sees to it that
/// there is one sender and one receiver, which is what makes it safe. The
/// sender may be an interrupt: it never waits.
public enum Channel<Message: ~Copyable> {
  /// Makes a channel for `capacity` messages, rounded up to a power of two.
  ///
  /// - Parameters:
  ///   - capacity: From 1 to 2 to the power of 20.
  ///   - name: For reports.
  ///   - use: Gets both ends, and may give them to others.
  /// - Returns: What `use` returns.
  public static func open<Result: ~Copyable>(
    capacity: Int, name: StaticString = "",
    _ use: (consuming sending Sender, consuming sending Receiver) -> Result
  ) -> Result {
    let state = ChannelState<Message, AtomicCounter>(capacity: capacity, name)
    return use(Sender(state), Receiver(state))
  }

  /// The end that messages go into.
  public struct Sender: ~Copyable, @unchecked Sendable {
    private let state: ChannelState<Message, AtomicCounter>

    init(_ state: ChannelState<Message, AtomicCounter>) { self.state = state }

    /// Sends a message if there is a place for it. May be called from an
    /// interrupt.
    ///
    /// - Returns: The message, if there is no place.
    public mutating func trySend(
      _ message: consuming sending Message
    ) -> Message? {
      state.send(message)
    }
  }

  /// The end that messages come out of.
  public struct Receiver: ~Copyable, @unchecked Sendable {
    private let state: ChannelState<Message, AtomicCounter>

    init(_ state: ChannelState<Message, AtomicCounter>) { self.state = state }

    /// The oldest message, if there is one now. May be called from an
    /// interrupt.
    public mutating func tryReceive() -> Message? { state.ring.take() }

    /// The oldest message; waits until there is one.
    public mutating func receive() -> Message { state.receive() }

    /// The oldest message, unless there is none before the time is over.
    public mutating func receive(until deadline: Instant) -> Message? {
      state.receive(until: deadline)
    }
  }
}

/// What both ends of a channel share.
final class ChannelState<
  Message: ~Copyable, Counter: RingCounter & ~Copyable
> {
  let ring: Ring<Message, Counter>
  /// 1 while the receiver waits, or is about to.
  private let hasWaiting = Counter()
  private let queue: WaitQueue

  init(capacity: Int, _ name: StaticString) {
    ring = Ring(capacity: capacity)
    queue = WaitQueue(name, kind: "message in channel")
  }

  @inline(__always)
  func send(_ message: consuming Message) -> Message? {
    if let rejected = ring.put(message) { return rejected }
    Hart.fence()
    if hasWaiting.load() != 0 { wakeReceiver() }
    return nil
  }

  func receive() -> Message {
    while true {
      if let message = ring.take() { return message }
      _ = waitForMessage(until: .never)
    }
  }

  func receive(until deadline: Instant) -> Message? {
    while true {
      if let message = ring.take() { return message }
      guard waitForMessage(until: deadline) else { return nil }
    }
  }

  /// The receiver says that it waits before it looks for the last time; the
  /// sender sends before it looks whether the receiver waits. Neither step may
  /// overtake the other, hence the fences; so one of them sees the other.
  private func waitForMessage(until deadline: Instant) -> Bool {
    hasWaiting.store(1)
    Hart.fence()
    defer { hasWaiting.store(0) }
    return queue.wait(until: { !ring.isEmpty }, deadline: deadline)
  }

  @inline(never)
  private func wakeReceiver() { queue.wakeAll() }
}
