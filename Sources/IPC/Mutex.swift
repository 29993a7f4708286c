// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// A value that one thread at a time may use.
///
///     let total = Mutex(0)
///     total.withLock { $0 += 1 }
///
/// The value is inside, and there is no way to it but through the lock: nobody
/// can forget to lock, or to unlock. A thread that locks twice, or closes a ring
/// of threads that wait for each other, ends the machine with a report. The
/// owner is as urgent as the most urgent thread that waits; see `Lock`.
///
/// Not for interrupts: an interrupt cannot wait.
public final class Mutex<Value: ~Copyable>: Lock {
  private let storage: Storage<Value>

  /// A mutex around `value`.
  public init(_ value: consuming Value, name: StaticString = "") {
    storage = Storage(value)
    super.init(name)
  }

  /// Locks, waiting until nobody else has, and runs `body` with the value.
  @inline(__always)
  public func withLock<Result: ~Copyable>(
    _ body: (inout Value) -> Result
  ) -> Result {
    lock()
    defer { unlock() }
    return body(&storage.value)
  }

  /// The same if it can be locked at once, or before the time is over.
  ///
  /// - Returns: Nil if it was not locked.
  public func withLock<Result: ~Copyable>(
    until deadline: Instant, _ body: (inout Value) -> Result
  ) -> Result? {
    guard lock(until: deadline) else { return nil }
    defer { unlock() }
    return body(&storage.value)
  }

  /// The same if it can be locked at once.
  ///
  /// - Returns: Nil if somebody else has locked it.
  public func withLockIfFree<Result: ~Copyable>(
    _ body: (inout Value) -> Result
  ) -> Result? {
    guard tryLock() else { return nil }
    defer { unlock() }
    return body(&storage.value)
  }

  /// Locks, waiting until nobody else has, until the guard goes.
  public func locked() -> Guard {
    lock()
    return Guard(self)
  }

  /// Having one means having locked the mutex. It cannot be copied, and
  /// unlocks when it goes.
  public struct Guard: ~Copyable {
    let mutex: Mutex<Value>

    init(_ mutex: Mutex<Value>) { self.mutex = mutex }

    deinit { mutex.unlock() }

    /// Runs `body` with the value.
    public mutating func use<Result: ~Copyable>(
      _ body: (inout Value) -> Result
    ) -> Result {
      body(&mutex.storage.value)
    }
  }
}

/// A place for one value that stays where it is.
@safe
final class Storage<Value: ~Copyable> {
  private let pointer: UnsafeMutablePointer<Value>

  init(_ value: consuming Value) {
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(to: value)
  }

  deinit {
    unsafe pointer.deinitialize(count: 1)
    unsafe pointer.deallocate()
  }

  var value: Value {
    @inline(__always) unsafeAddress { unsafe UnsafePointer(pointer) }
    @inline(__always) unsafeMutableAddress { unsafe pointer }
  }
}
