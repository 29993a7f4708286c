// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Scheduling

/// What is said before the machine ends because threads wait for each other.
enum Deadlock {
  #if arch(riscv64)
    /// `thread` is about to wait for `lock`, and so for itself.
    static func report(_ thread: ThreadReference, _ lock: Lock) -> Never {
      print("\ndeadlock: these threads wait for each other")
      describe(thread, waitsFor: lock)
      var next = lock.owner
      while let one = next, one != thread, let other = Lock.blocking(one) {
        describe(one, waitsFor: other)
        one.printCalls("waits at:")
        next = other.owner
      }
      panic("deadlock: a ring of threads, each with a mutex that the next wants")
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
    static func reportRecursion(_ lock: Lock) -> Never {
      panic("mutex \"\(lock.name)\" is locked twice by one thread")
    }
  #else
    static func report(_ thread: ThreadReference, _ lock: Lock) -> Never {
      fatalError("deadlock")
    }

    static func reportRecursion(_ lock: Lock) -> Never {
      fatalError("a mutex is locked twice by one thread")
    }
  #endif
}
