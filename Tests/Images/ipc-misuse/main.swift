// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose, in the way that the argument `fault=` names: threads that
// end with something locked, handlers of interrupts that wait, and a semaphore
// that is given a permit too many.

import Boot
import Console
import Hart
import IPC
import Scheduling
import Traps

/// What the faults are committed with.
enum Things {
  // Made when first used, which is before there are interrupts of the test.
  static let mutex = Mutex(0, name: "total")
  static let semaphore = Semaphore(0, name: "never")
}

/// Calls `handler` as the handler of an interrupt.
func interrupt(_ handler: @convention(c) () -> Void) {
  Trap.onInterrupt(.software, handler)
  Hart.requestSoftwareInterrupt()
}

@inline(never)
func descend(_ depth: Int) -> Int {
  let below = descend(depth + 1)
  return (below ^ depth) &* 3 &+ below >> 1
}

func endsWithLock(_ fault: ByteView) {
  let isExit = fault == "exit"
  let thread = try? Thread.spawn("holder") {
    Things.mutex.withLock { value in
      guard isExit else { return value = descend(0) }
      Thread.exit()
    }
  }
  try? thread?.join()
  // The newcomer gets the dead thread's record.
  try? Thread.spawn("newcomer") {
    Things.mutex.withLock { $0 += 1 }
  }.detach()
}

func misuse() {
  guard let fault = Board.arguments.value(of: "fault") else { return }
  Things.mutex.withLock { $0 += 1 }
  _ = Things.semaphore.tryWait()
  if fault == "exit" || fault == "overflow" {
    StackOverflow.endThreadOnly()
    return endsWithLock(fault)
  }
  if fault == "sleep" { interrupt { Thread.sleep(for: .milliseconds(1)) } }
  if fault == "yield" { interrupt { Thread.yield() } }
  if fault == "semaphore" { interrupt { Things.semaphore.wait() } }
  if fault == "mutex" {
    Things.mutex.withLock { _ in
      interrupt { Things.mutex.withLock { $0 += 1 } }
    }
  }
  if fault == "permits" { Semaphore(.max, name: "full").signal() }
}

Scheduler<RoundRobin, GuardedStacks>.run { misuse() }
print("nothing was found")
