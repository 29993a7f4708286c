// SPDX-License-Identifier: BSD-3-Clause
//
// What waking one of many sleepers costs: the timer's interrupt, the switch to
// the one that wakes, its going to sleep again, and the switch back. All of it
// together is a gap in what the first thread sees of the instructions.

import Boot
import Console
import Hart
import Paging
import Scheduling

typealias Choice = Scheduler<StrictPriority, GuardedStacks>

/// Sleeps 50 times, always the first one to wake.
@inline(never)
func tick() {
  for _ in 0..<50 { Thread.sleep(for: .microseconds(200)) }
}

/// The mean of the gaps that are longer than what this loop takes.
@inline(never)
func meanGap(until ticker: borrowing ThreadHandle<Void>) -> UInt64 {
  var (sum, count): (UInt64, UInt64) = (0, 0)
  var last = Hart.instructionsRetired
  while !ticker.hasEnded {
    let now = Hart.instructionsRetired
    if now &- last > 100 { (sum, count) = (sum + (now &- last), count + 1) }
    last = now
  }
  return count == 0 ? 0 : sum / count
}

func cost(of count: UInt64) -> UInt64 {
  Choice.run {
    let morning = Instant.now(plus: .milliseconds(200))
    for number in 0..<count {
      let moment = morning + .microseconds(number * 7919 % 1000)
      do throws(ThreadError) {
        try Thread.spawn("sleeper", stack: 8192) {
          Thread.sleep(until: moment)
          guard Instant.now >= moment else { panic("woken too early") }
        }.detach()
      } catch { panic("no memory for thread \(number)") }
    }
    // All of them go to sleep before this one goes on.
    Thread.setPriority(.lowest)
    guard let ticker = try? Thread.spawn("ticker", { tick() }) else { return 0 }
    let cost = meanGap(until: ticker)
    guard Instant.now < morning else { panic("the sleepers woke meanwhile") }
    return cost
  }
}

func report(_ count: UInt64) -> UInt64 {
  let cost = cost(of: count)
  print("\(count) sleepers: \(cost) instructions")
  return cost
}

func main() {
  let (few, _, many) = (report(10), report(100), report(1000))
  let isCheap = few > 0 && many < few * 2
  print(isCheap ? "the cost grows slowly" : "the cost grows fast")
  // The heap keeps what it has grown to; the second time it does not grow.
  let before = KernelMemory.freeFrames
  _ = cost(of: 1000)
  let missing = Int(before) - Int(KernelMemory.freeFrames)
  print("\(missing) frames are missing")
}

main()
