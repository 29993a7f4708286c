// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Scheduling

/// What is said before the machine ends because threads wait for each other, or
/// a lock or a semaphore is used in a way that leads nowhere.
enum Deadlock {
  #if arch(riscv64)
    /// `thread` is about to wait for `lock`, and so for itself.
    @inline(never)
    static func report(_ thread: ThreadReference, _ lock: Lock) -> Never {
      print("\ndeadlock: these threads wait for each other")
      describe(thread, waitsFor: lock)
      var next = lock.owner
      while let one = next, one != thread, let other = Lock.blocking(one) {
        describe(one, waitsFor: other)
        one.printCalls("waits at:")
        next = other.owner
      }
      panic("deadlock: threads wait for each other in a ring")
    }

    private static func describe(
      _ thread: ThreadReference, waitsFor lock: Lock
    ) {
      put("  ")
      thread.putName()
      put(" waits for mutex \"\(lock.name)\", which ")
      lock.owner?.putName()
      print(" has locked")
    }

    /// The running thread locks what it has locked.
    @inline(never)
    static func reportRecursion(_ lock: Lock) -> Never {
      panic("mutex \"\(lock.name)\" is locked twice by one thread")
    }

    /// What was locked before there were threads is unlocked after the last.
    @inline(never)
    static func reportOutside(_ lock: Lock) -> Never {
      panic(
        """
        mutex \"\(lock.name)\" was locked before Scheduler.run, and cannot be \
        unlocked within: let go of it before
        """)
    }

    /// A guard has come to a thread that has not locked its mutex.
    @inline(never)
    static func reportForeignGuard(_ lock: Lock) -> Never {
      panic(
        """
        a guard of mutex \"\(lock.name)\" is used by a thread that has not \
        locked it: a guard belongs to the thread that locks
        """)
    }

    @inline(never)
    static func reportTooManyPermits(_ semaphore: Semaphore) -> Never {
      panic(
        """
        semaphore \"\(semaphore.name)\" has been given more than \(Int.max) \
        permits: does a loop signal what no thread waits for?
        """)
    }
  #else
    @inline(never)
    static func reportTooManyPermits(_ semaphore: Semaphore) -> Never {
      fatalError("semaphore \"\(semaphore.name)\" has too many permits")
    }

    @inline(never)
    static func reportOutside(_ lock: Lock) -> Never {
      fatalError("mutex \"\(lock.name)\" was locked before Scheduler.run")
    }

    @inline(never)
    static func reportForeignGuard(_ lock: Lock) -> Never {
      fatalError("a guard of mutex \"\(lock.name)\" is used by another thread")
    }

    @inline(never)
    static func report(_ thread: ThreadReference, _ lock: Lock) -> Never {
      fatalError("deadlock")
    }

    @inline(never)
    static func reportRecursion(_ lock: Lock) -> Never {
      fatalError("a mutex is locked twice by one thread")
    }
  #endif
}
