// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Scheduling

/// Ends the machine, because a lock or a semaphore is used in a way that leads
/// nowhere.
enum Misuse {
  #if arch(riscv64)
    /// The running thread locks what it has locked.
    @inline(never)
    static func reportRecursion(_ lock: WaitQueue) -> Never {
      panic("mutex \"\(lock.name)\" is locked twice by one thread")
    }

    /// What was locked before there were threads is unlocked after the last.
    @inline(never)
    static func reportOutside(_ lock: WaitQueue) -> Never {
      panic(
        """
        mutex \"\(lock.name)\" was locked before Scheduler.run, and cannot be \
        unlocked within: let go of it before
        """)
    }

    /// A guard has come to a thread that has not locked its mutex.
    @inline(never)
    static func reportForeignGuard(_ lock: WaitQueue) -> Never {
      panic(
        """
        a guard of mutex \"\(lock.name)\" is used by a thread that has not \
        locked it: a guard belongs to the thread that locks
        """)
    }

    @inline(never)
    static func reportTooManyPermits(_ semaphore: WaitQueue) -> Never {
      panic(
        """
        semaphore \"\(semaphore.name)\" has been given more than \(Int.max) \
        permits: does a loop signal what no thread waits for?
        """)
    }
  #else
    @inline(never)
    static func reportTooManyPermits(_ semaphore: WaitQueue) -> Never {
      fatalError("semaphore \"\(semaphore.name)\" has too many permits")
    }

    @inline(never)
    static func reportOutside(_ lock: WaitQueue) -> Never {
      fatalError("mutex \"\(lock.name)\" was locked before Scheduler.run")
    }

    @inline(never)
    static func reportForeignGuard(_ lock: WaitQueue) -> Never {
      fatalError("a guard of mutex \"\(lock.name)\" is used by another thread")
    }

    @inline(never)
    static func reportRecursion(_ lock: WaitQueue) -> Never {
      fatalError("a mutex is locked twice by one thread")
    }
  #endif
}
