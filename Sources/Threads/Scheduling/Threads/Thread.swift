// SPDX-License-Identifier: BSD-3-Clause

import CHart
import Hart

/// What can go wrong with a thread.
public enum ThreadError: Error, Equatable, Sendable {
  /// There is no memory for the thread's record or its stack.
  case outOfMemory
  /// The thread has ended without a result: it called ``Thread/exit()``, or
  /// overflowed its stack.
  case endedEarly
}

/// What the running thread may do, and how it starts others.
public enum Thread {
  #if DEBUG
    /// The size of a stack unless one asks for another, in bytes.
    public static var stackSize: UInt64 { 64 << 10 }
  #elseif arch(riscv64)
    /// The size of a stack unless one asks for another, in bytes.
    public static var stackSize: UInt64 { 16 << 10 }
  #else
    public static var stackSize: UInt64 { 256 << 10 }
  #endif

  /// Starts a thread.
  ///
  /// Not from an interrupt. What `body` uses moves to the new thread, or may
  /// be used by several; the compiler checks it.
  ///
  /// - Parameters:
  ///   - name: For those who read reports.
  ///   - priority: How urgent it is, for policies that ask.
  ///   - stack: The size of its stack in bytes, rounded up to whole pages.
  ///   - body: What it does. What it returns is the thread's result.
  /// - Returns: The thread, for ``ThreadHandle/join()``.
  /// - Throws: ``ThreadError/outOfMemory``.
  public static func spawn<Result: ~Copyable>(
    _ name: StaticString, priority: Priority = .normal,
    stack: UInt64 = Thread.stackSize,
    _ body: sending @escaping () -> Result
  ) throws(ThreadError) -> ThreadHandle<Result> {
    let work = unsafe Unmanaged<Work>.passRetained(ResultWork(body))
    // The new thread takes the hart at once if it is more urgent.
    let thread = Dispatcher.critical {
      unsafe $0.makeThread(name, priority, stack, work)
    }
    guard let thread else {
      unsafe work.release()
      throw .outOfMemory
    }
    return ThreadHandle(thread)
  }

  /// Lets other threads run that are ready, and goes on after them.
  @inline(__always)
  public static func yield() { Dispatcher.with { $0.yield() } }

  /// Waits until a moment has come. It never goes on before.
  public static func sleep(until moment: Instant) {
    Dispatcher.refuseInInterrupt("Thread.sleep")
    Dispatcher.critical { dispatcher in
      guard moment > .now else { return }
      _ = dispatcher.block(on: nil, until: moment)
    }
  }

  /// Waits for a while, or a little longer.
  public static func sleep(for span: TimeSpan) {
    sleep(until: .now(plus: span))
  }

  /// Ends the running thread. It has no result.
  ///
  /// What its functions own is not released: returning is better. A thread
  /// that has locked something ends the machine, with a report. Linear in the
  /// number of mutexes.
  public static func exit() -> Never {
    Dispatcher.refuseInInterrupt("Thread.exit")
    return Dispatcher.with { dispatcher in
      Dispatcher.checkHoldsNothing(.running)
      dispatcher.endThread()
    }
  }

  /// Changes how urgent the running thread is.
  public static func setPriority(_ priority: Priority) {
    Dispatcher.critical { dispatcher in
      let thread = ThreadReference.running
      thread.record.ownPriority = priority
      // What others lend lasts until the mutex is unlocked.
      let isLent = !thread.record.contended.isNone
      if !isLent || priority > thread.record.priority {
        dispatcher.setPriority(priority, of: thread)
      }
      dispatcher.mustSwitch = true
    }
  }

  /// The number of the running thread; 0 without a scheduler.
  public static var number: Int {
    ThreadReference.current?.record.number ?? 0
  }
}

/// A thread that the holder has started, and may wait for.
///
/// It cannot be copied, and waiting for the result uses it up: a thread is
/// joined once at most. Without the handle there is no way to ask for the
/// result; the thread goes on.
public struct ThreadHandle<Result: ~Copyable>: ~Copyable {
  private let thread: ThreadReference

  /// - Precondition: The thread's work has a result of this type.
  init(_ thread: ThreadReference) { self.thread = thread }

  deinit { Dispatcher.letGo(of: thread) }

  /// Waits until the thread has ended.
  ///
  /// - Returns: What its body has returned.
  /// - Throws: ``ThreadError/endedEarly``.
  public consuming func join() throws(ThreadError) -> Result {
    #if DEBUG
      Dispatcher.refuseInInterrupt("ThreadHandle.join")
    #endif
    if !hasEnded { Dispatcher.waitForEnd(of: thread) }
    guard let result: Result = thread.takeResult() else { throw .endedEarly }
    return result
  }

  /// Waits until the thread has ended, or the time is over.
  ///
  /// - Returns: Whether it has ended, so that ``join()`` does not wait.
  public borrowing func wait(until deadline: Instant) -> Bool {
    Dispatcher.waitForEnd(of: thread, until: deadline)
  }

  /// Whether the thread has ended, so that ``join()`` does not wait.
  public var hasEnded: Bool { thread.record.state == .ended }

  /// Lets the thread go on alone.
  public consuming func detach() {}
}
