// SPDX-License-Identifier: BSD-3-Clause

import Synchronization

/// A number that one side writes and the other reads, at any time.
///
/// A protocol, so that a test can stop between two accesses and let the other
/// side go on.
protocol RingCounter: ~Copyable {
  init()
  /// Reads what the other side has written, and all that it wrote before.
  func load() -> UInt64
  /// Writes, after all that was written before.
  func store(_ value: UInt64)
}

/// A counter in memory that several harts see alike.
struct AtomicCounter: RingCounter, ~Copyable {
  private let value = Atomic<UInt64>(0)

  init() {}

  @inline(__always)
  func load() -> UInt64 { value.load(ordering: .acquiring) }

  @inline(__always)
  func store(_ new: UInt64) { value.store(new, ordering: .releasing) }
}

/// A bounded queue between one sender and one receiver that needs no lock, for
/// each counter has one writer.
///
///             head (the receiver's)       tail (the sender's)
///               ▼                           ▼
///     ┌───┬───┬───┬───┬───┬───┬───┬───┐
///     │   │   │ 1 │ 2 │ 3 │   │   │   │     tail - head: how many
///     └───┴───┴───┴───┴───┴───┴───┴───┘
///
/// The sender fills a place before it moves the tail beyond; the receiver
/// empties a place before it moves the head beyond.
final class Ring<Message: ~Copyable, Counter: RingCounter & ~Copyable> {
  private let storage: RingStorage<Message>
  private let head = Counter()
  private let tail = Counter()

  init(capacity: Int) { storage = RingStorage(capacity) }

  deinit {
    var number = head.load()
    while number != tail.load() {
      _ = storage.empty(number)
      number &+= 1
    }
    storage.release()
  }

  /// Called by the sender only. The answer is the message if there is no
  /// place.
  @inline(__always)
  func put(_ message: consuming Message) -> Message? {
    let number = tail.load()
    guard number &- head.load() < storage.capacity else { return message }
    storage.fill(number, message)
    tail.store(number &+ 1)
    return nil
  }

  /// Called by the receiver only.
  @inline(__always)
  func take() -> Message? {
    let number = head.load()
    guard number != tail.load() else { return nil }
    let message = storage.empty(number)
    head.store(number &+ 1)
    return message
  }

  var isEmpty: Bool { head.load() == tail.load() }
}
