// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// A value that one thread at a time may use.
///
///     let total = Mutex(0)
///     total.withLock { $0 += 1 }
///
/// The value is inside, and there is no way to it but through the lock: a caller
/// cannot forget to lock, or to unlock. A thread that locks twice, or closes a
/// ring of threads that wait for each other, ends the machine with a report.
/// The owner is as urgent as the most urgent thread that waits; see `Lock`.
///
/// A thread that ends while it owns one ends the machine, too.
///
/// Not for interrupts, which cannot wait: where a handler would have to, the
/// machine ends, and in an image for debugging also where it would not.
public final class Mutex<Value: ~Copyable>: @unchecked Sendable {
  let lock: Lock
  private let storage: Storage<Value>

  /// A mutex around `value`.
  public init(_ value: consuming Value, name: StaticString = "") {
    storage = Storage(value)
    lock = Lock(name)
  }

  /// Locks, waiting while another thread is the owner, and runs `body` with the
  /// value.
  @inline(__always)
  public func withLock<Result: ~Copyable>(
    _ body: (inout Value) -> Result
  ) -> Result {
    lock.acquire()
    defer { lock.release() }
    return body(&storage.value)
  }

  /// The same if it can be locked at once, or before the time is over.
  ///
  /// - Returns: Nil if it was not locked.
  public func withLock<Result: ~Copyable>(
    until deadline: Instant, _ body: (inout Value) -> Result
  ) -> Result? {
    guard lock.acquire(until: deadline) else { return nil }
    defer { lock.release() }
    return body(&storage.value)
  }

  /// The same if it can be locked at once.
  ///
  /// - Returns: Nil if it has an owner already.
  public func withLockIfFree<Result: ~Copyable>(
    _ body: (inout Value) -> Result
  ) -> Result? {
    guard lock.tryAcquire() else { return nil }
    defer { lock.release() }
    return body(&storage.value)
  }

  /// Locks until the guard goes, waiting while another thread is the owner.
  public func locked() -> Guard {
    lock.acquire()
    Dispatcher.didTakeGuard()
    return Guard(self)
  }

  /// Having one means having locked the mutex. It cannot be copied, and
  /// unlocks when it goes. It belongs to the thread that has locked: another
  /// thread that uses it, or a thread that ends without having let go of it,
  /// ends the machine.
  public struct Guard: ~Copyable {
    let mutex: Mutex<Value>

    init(_ mutex: Mutex<Value>) { self.mutex = mutex }

    deinit {
      mutex.lock.checkIsOwner()
      Dispatcher.didReleaseGuard()
      mutex.lock.release()
    }

    /// Runs `body` with the value.
    public mutating func use<Result: ~Copyable>(
      _ body: (inout Value) -> Result
    ) -> Result {
      mutex.lock.checkIsOwner()
      return body(&mutex.storage.value)
    }
  }
}

/// A place for one value that stays where it is.
@frozen @usableFromInline @safe
struct Storage<Value: ~Copyable>: ~Copyable {
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
    @inline(__always) nonmutating unsafeMutableAddress { unsafe pointer }
  }
}
