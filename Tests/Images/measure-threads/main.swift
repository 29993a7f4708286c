// SPDX-License-Identifier: BSD-3-Clause
//
// What threads cost, in instructions. Exact under -icount: the same on every
// machine.

import Console
import Hart
import Paging
import Scheduling
import Traps

@inline(never)
func yields(_ count: UInt64) -> UInt64 {
  let start = Hart.instructionsRetired
  for _ in 0..<count { Thread.yield() }
  let middle = Hart.instructionsRetired
  for _ in 0..<count {
    Thread.yield()
    Thread.yield()
  }
  let end = Hart.instructionsRetired
  // The cost of the loop drops out; so does the first, uneven round.
  return ((end &- middle) &- (middle &- start)) / count / 2
}

@inline(never)
func measureYield() {
  guard
    let other = try? Thread.spawn("other", { _ = yields(1000) })
  else { return }
  let cost = yields(1000)
  try? other.join()
  print("yield \(cost)")
}

@inline(never)
func measureLives() {
  for _ in 0..<10 { live() }
  let start = Hart.instructionsRetired
  for _ in 0..<100 { live() }
  print("create and join \((Hart.instructionsRetired &- start) / 100)")
}

@inline(never)
func live() {
  guard let thread = try? Thread.spawn("live", {}) else { return }
  try? thread.join()
}

func measure<Policy: SchedulingPolicy & ~Copyable>(_: Policy.Type) {
  print("\(Policy.name)")
  Scheduler<Policy, GuardedStacks>.run {
    measureYield()
    measureLives()
  }
}

measure(RoundRobin.self)
measure(StrictPriority.self)
