// SPDX-License-Identifier: BSD-3-Clause
//
// Counts the interrupts of an idle hart: one for each time that somebody has
// to wake up, and none beside.

import Console
import Scheduling
import Traps

// Changed by the interrupt alone.
nonisolated(unsafe) var interrupts = 0

Scheduler<RoundRobin, GuardedStacks>.run {
  // A slice has begun, so that there is one to forget.
  try? Thread.spawn("other") { Thread.yield() }.join()
  // Called at the end of each interrupt. The only thread needs no switch.
  Trap.afterInterrupt { unsafe interrupts += 1 }
  for _ in 0..<3 {
    Thread.sleep(for: .milliseconds(100))
    print("\(unsafe interrupts) interrupts")
  }
}
