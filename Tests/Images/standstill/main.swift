// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: two threads, each of which waits for the other's end.

import Console
import Scheduling

// Set by the first thread, before the others run.
nonisolated(unsafe) var one: ThreadHandle<Void>?
nonisolated(unsafe) var two: ThreadHandle<Void>?

@inline(never)
func waitsForTwo() { try? unsafe two.take()?.join() }

@inline(never)
func waitsForOne() { try? unsafe one.take()?.join() }

Scheduler<FirstCome, GuardedStacks>.run {
  unsafe one = try? Thread.spawn("one") { waitsForTwo() }
  unsafe two = try? Thread.spawn("two") { waitsForOne() }
}
print("this is never printed")
