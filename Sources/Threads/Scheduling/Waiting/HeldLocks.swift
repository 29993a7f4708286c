// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

/// The locks that threads hold. A thread that ended with a lock would leave it
/// locked for ever, and its control block is soon another thread's. So a thread
/// that ends early, or with a guard left, is searched for locks; if it holds
/// one, the machine ends.
extension Dispatcher {
  /// From now on `queue` may have an owner; a thread that ends as its owner ends
  /// the machine. Called once for a queue.
  public static func watchOwner(of queue: WaitQueue) { OwnedQueues.add(queue) }

  /// Notes that the running thread holds the lock that `queue` belongs to, for
  /// as long as `body` runs. Without a scheduler, only runs it.
  public static func holding<Result: ~Copyable>(
    _ queue: WaitQueue, _ body: () -> Result
  ) -> Result {
    guard let thread = ThreadReference.current else { return body() }
    let outer = thread.record.innermostLock
    thread.record.innermostLock = WaitQueueLink(queue)
    thread.record.heldLocks &+= 1
    defer {
      thread.record.heldLocks &-= 1
      thread.record.innermostLock = outer
    }
    return body()
  }

  /// The running thread has a guard of a lock whose queue has an owner.
  public static func didTakeGuard() {
    if let thread = ThreadReference.current { thread.record.heldLocks &+= 1 }
  }

  /// The running thread has released what ``didTakeGuard()`` was called for.
  public static func didReleaseGuard() {
    if let thread = ThreadReference.current { thread.record.heldLocks &-= 1 }
  }

  /// The queue of a lock that `thread` holds, or nil. Linear in the number of
  /// mutexes: for threads that end early.
  static func heldLock(of thread: ThreadReference) -> WaitQueue? {
    thread.record.innermostLock.with { $0 } ?? OwnedQueues.first(of: thread)
  }

  /// Ends the machine if `thread`, which ends, holds a lock.
  static func checkHoldsNothing(_ thread: ThreadReference) {
    guard let lock = heldLock(of: thread) else { return }
    #if arch(riscv64)
      panic(
        """
        thread \(thread.record.number) \"\(thread.record.name.reported)\" ends \
        and still holds: \(lock.kind.reported) \"\(lock.name.reported)\". Return \
        from the closure, or release the guard, before the thread ends
        """)
    #else
      fatalError(
        """
        thread \(thread.record.number) "\(thread.record.name)" ends and \
        still holds: \(lock.kind) "\(lock.name)"
        """)
    #endif
  }
}

/// The handler of an interrupt runs on the stack of the thread that was
/// interrupted, and must not wait: it would block that thread, perhaps for what
/// only that thread can give.
extension Dispatcher {
  /// In an image for debugging, ends the machine if the caller is the handler
  /// of an interrupt, even if there was no need to wait this time. Costs
  /// nothing in others, which check when a thread blocks.
  @inline(__always)
  public static func mayWait(in queue: @autoclosure () -> WaitQueue) {
    #if DEBUG
      if Hart.isInInterrupt { refuseToWait(in: queue()) }
    #endif
  }

  /// Ends the machine if the caller is the handler of an interrupt.
  static func refuseInInterrupt(_ call: StaticString) {
    guard Hart.isInInterrupt else { return }
    #if arch(riscv64)
      panic(
        """
        \(call) was called inside the handler of an interrupt, which must not \
        wait: wake a thread that does it, by Semaphore.signal for instance
        """)
    #else
      fatalError("\(call) was called inside the handler of an interrupt")
    #endif
  }
}

/// Ends the machine: the handler of an interrupt was about to wait. Its type is
/// not `Never`, so that callers can jump to it and need no frame.
@export(interface)
@inline(never)
public func refuseToWait(in queue: WaitQueue?) {
  let (kind, name) = (queue?.kind ?? "sleep", queue?.name ?? "")
  #if arch(riscv64)
    panic(
      """
      the handler of an interrupt must not wait, and would have waited for: \
      \(kind) \"\(name)\". Use a call that returns at once, such as tryWait, \
      or wake a thread that waits
      """)
  #else
    fatalError(
      """
      the handler of an interrupt must not wait, and would have waited for: \
      \(kind) "\(name)"
      """)
  #endif
}
