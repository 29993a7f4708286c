// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// Where a thread that has locked a mutex waits until its value has changed.
/// Textbooks call it a condition variable.
///
///     var guarded = queue.locked()
///     while guarded.use({ $0.isEmpty }) { notEmpty.wait(&guarded) }
///
/// Waiting unlocks the mutex and locks it again before it returns. Another
/// thread may have been faster in between, so the question is asked again.
public final class Condition: @unchecked Sendable {
  private let queue: WaitQueue

  /// `name` is for reports.
  public init(_ name: StaticString = "") {
    queue = WaitQueue(name)
  }

  /// Unlocks the mutex, waits for a signal, and locks the mutex again.
  public func wait<Value: ~Copyable>(_ guarded: inout Mutex<Value>.Guard) {
    _ = wait(&guarded, until: .never)
  }

  /// The same, until the time is over.
  ///
  /// - Returns: Whether there was a signal in time. The mutex is locked in
  ///   either case, however long that takes.
  public func wait<Value: ~Copyable>(
    _ guarded: inout Mutex<Value>.Guard, until deadline: Instant
  ) -> Bool {
    let lock = guarded.mutex.lock
    lock.checkIsOwner()
    return Dispatcher.critical { dispatcher in
      lock.release(dispatcher)
      let isSignalled = queue.sleep(dispatcher, until: deadline)
      lock.acquire()
      return isSignalled
    }
  }

  /// Wakes the first waiter.
  public func signal() { queue.wakeOne() }

  /// Wakes all waiters.
  public func broadcast() { queue.wakeAll() }
}
