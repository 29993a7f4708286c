// SPDX-License-Identifier: BSD-3-Clause
//
// Threads that use up their stacks. With the argument `mode=survive` only they
// end, and the others go on.

import Boot
import Console
import Hart
import Scheduling

@inline(never)
func descend(_ depth: Int) -> Int {
  let below = descend(depth + 1)
  return (below ^ depth) &* 3 &+ below >> 1
}

/// Overflows while another thread is ready.
func overflow(_ round: Int) throws(ThreadError) {
  let other = try Thread.spawn("other") {
    for _ in 0..<10 { Thread.yield() }
    return 7
  }
  let victim = try Thread.spawn("victim") { descend(0) }
  do throws(ThreadError) {
    print("round \(round): \(try victim.join())")
  } catch {
    guard error == .endedEarly else { throw error }
    print("round \(round): it ended early")
  }
  print("round \(round): the other has \(try other.join())")
}

/// Overflows while nobody is ready: the hart idles where the thread ended.
func overflowAlone() throws(ThreadError) {
  try Thread.spawn("lonely") { descend(0) }.detach()
  Thread.sleep(for: .milliseconds(5))
  print("a sleeper woke up")
}

func main() {
  do throws(ThreadError) {
    try overflow(1)
    try overflowAlone()
    try overflow(2)
    print("all done")
  } catch {
    print("no memory")
  }
}

if let mode = Board.arguments.value(of: "mode"), mode == "survive" {
  StackOverflow.endThreadOnly()
}
Scheduler<RoundRobin, GuardedStacks>.run { main() }
