// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

/// What threads hold, such as a locked mutex. A thread that ended with it would
/// leave it locked for ever, and its record is soon another thread's: so that
/// is found at the thread's end, and ends the machine.
extension Dispatcher {
  /// Finds a mutex that a thread has locked; set by the library that has
  /// mutexes, when the first of them is made. Linear in the number of mutexes.
  ///
  /// Written and read with interrupts off.
  public nonisolated(unsafe) static var findMutex:
    ((ThreadReference) -> Waitable?)?

  /// The running thread has locked something, which will be unlocked by code
  /// that also calls ``didRelease(_:)``. Interrupts are off, or the calls are
  /// the thread's own.
  ///
  /// - Parameter lock: What it is, if it is unlocked at the end of a closure,
  ///   before all that was locked earlier.
  /// - Returns: What is to be given to ``didRelease(_:)``.
  public static func didHold(_ lock: WaitReason = .nothing) -> WaitReason {
    guard let thread = ThreadReference.current else { return .nothing }
    let outer = thread.record.innermostLock
    thread.record.heldLocks &+= 1
    if !lock.isNothing { thread.record.innermostLock = lock }
    return outer
  }

  /// The running thread has unlocked what ``didHold(_:)`` was called for.
  public static func didRelease(_ outer: WaitReason) {
    guard let thread = ThreadReference.current else { return }
    thread.record.heldLocks &-= 1
    thread.record.innermostLock = outer
  }

  /// The running thread has let go of a guard.
  public static func didReleaseGuard() {
    ThreadReference.current?.record.heldLocks &-= 1
  }

  /// Something that `thread` has locked, or nil. Linear in the number of
  /// mutexes: for threads that end early.
  static func heldLock(of thread: ThreadReference) -> WaitReason? {
    guard thread.record.innermostLock.isNothing else {
      return thread.record.innermostLock
    }
    return unsafe findMutex?(thread).map { WaitReason($0) }
  }

  /// Ends the machine if `thread`, which ends, holds something.
  static func checkHoldsNothing(_ thread: ThreadReference) {
    guard let lock = heldLock(of: thread) else { return }
    reportHeld(lock, by: thread)
  }

  @inline(never)
  static func reportHeld(
    _ lock: WaitReason, by thread: ThreadReference
  ) -> Never {
    #if arch(riscv64)
      panic(
        """
        thread \(thread.record.number) \"\(thread.record.name)\" ends and \
        still holds: \(lock.kind) \"\(lock.name)\". Return from the closure, \
        or let go of the guard, before the thread ends
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
/// interrupted, and must not wait: it would keep that thread waiting, perhaps
/// for what only that thread can give.
extension Dispatcher {
  /// In an image for debugging, ends the machine if the caller is the handler
  /// of an interrupt, even if there was no need to wait this time. Costs
  /// nothing in others, which look when there is.
  @inline(__always)
  public static func mayWait(for thing: @autoclosure () -> Waitable) {
    #if DEBUG
      if Hart.isInInterrupt { refuseToWait(for: WaitReason(thing())) }
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

/// Ends the machine: the handler of an interrupt was about to wait. It never
/// returns, which is not told: a call that may return can be a jump, so what
/// calls this needs no frame. (A static member would get its type, too.)
@export(interface)
@inline(never)
public func refuseToWait(for reason: WaitReason) {
  #if arch(riscv64)
    panic(
      """
      the handler of an interrupt must not wait, and would have waited for: \
      \(reason.kind) \"\(reason.name)\". Use a call that returns at once, \
      such as tryWait, or wake a thread that waits
      """)
  #else
    fatalError(
      """
      the handler of an interrupt must not wait, and would have waited for: \
      \(reason.kind) "\(reason.name)"
      """)
  #endif
}
