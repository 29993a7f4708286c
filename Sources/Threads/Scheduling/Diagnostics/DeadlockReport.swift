// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

#if arch(riscv64)
  extension ThreadReference {
    /// Writes `thread 3 "worker"`.
    public func putName() {
      put("thread \(record.number) \"\(record.name.reported)\"")
    }

    /// Writes the thread's state; if it is blocked, also for what it waits, and
    /// where.
    func printStatus() {
      put("  ")
      putName()
      guard record.state == .blocked else { return print(" is ready") }
      let (kind, name) = awaited
      put(" waits for: \(kind.reported)")
      if name.utf8CodeUnitCount > 0 { put(" \"\(name.reported)\"") }
      if let other = joined {
        put(" of ")
        other.putName()
      }
      print()
      // Where the running one waits, the panic tells.
      if self != .running { printCalls("waits at:") }
    }

    /// The thread for whose end this one waits.
    private var joined: ThreadReference? {
      var other = Dispatcher.with { $0.newest }
      while let one = other, one.record.joiner != self {
        other = one.record.older
      }
      return other
    }

    /// Writes the calls that led to where a thread that does not run is. The
    /// runner gives each the function, file and line.
    public func printCalls(_ title: StaticString) {
      print("\(title)")
      var number = 0
      Backtrace.walk(
        from: record.saved.framePointer,
        within: record.saved.stack
      ) { address in
        unsafe UnsafePointer<UInt64>(bitPattern: UInt(address))?.pointee
      } visit: { address in
        number += 1
        print("  #\(number) \(hex: address, digits: 16)")
      }
    }
  }

  extension Dispatcher {
    /// Ends the machine: no thread is ready, and nothing can make one so.
    func reportStandstill() -> Never {
      print("\nnothing can run any more: every thread waits")
      var thread = newest
      while let one = thread {
        one.printStatus()
        thread = one.record.older
      }
      panic("nothing can run any more: threads that wait: \(living)")
    }
  }

  enum DeadlockReport {
    /// Ends the machine: `thread` is about to wait in a queue, and so for
    /// itself.
    @inline(never)
    static func stopAtRing(
      of thread: ThreadReference, waitingIn queue: WaitQueue
    ) -> Never {
      print("\ndeadlock: these threads wait for each other")
      describe(thread, in: queue)
      var next = queue.owner
      while let other = next, other != thread {
        other.record.waitQueue.with { describe(other, in: $0) }
        other.printCalls("waits at:")
        next = other.blockingOwner
      }
      panic("deadlock: threads wait for each other in a ring")
    }

    private static func describe(
      _ thread: ThreadReference, in queue: WaitQueue
    ) {
      put("  ")
      thread.putName()
      put(
        " waits for \(queue.kind.reported) \"\(queue.name.reported)\", which ")
      queue.owner?.putName()
      print(" has locked")
    }
  }

  func describeRunningThread() {
    guard let thread = ThreadReference.current else { return }
    put(", ")
    thread.putName()
  }

#else
  extension Dispatcher {
    func reportStandstill() -> Never {
      stop("nothing can run any more: every thread waits")
    }
  }

  enum DeadlockReport {
    static func stopAtRing(
      of thread: ThreadReference, waitingIn queue: WaitQueue
    ) -> Never { stop("deadlock: threads wait for each other in a ring") }
  }
#endif
