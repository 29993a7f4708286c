// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: two threads, each of which waits for the other's end,
// beside a disk. It interrupts for a request that no thread waits for, and then
// has nothing more to do.

import Block
import Boot
import Console
import Scheduling
import Virtio

// Set by the first thread, before the others run.
nonisolated(unsafe) var one: ThreadHandle<Void>?
nonisolated(unsafe) var two: ThreadHandle<Void>?

Scheduler<FirstCome, GuardedStacks>.run {
  guard let disk = Disks.all().first,
    let buffer = try? DMABuffer(count: 512)
  else { panic("there is no disk") }
  let queue = RequestQueue(for: disk)
  do throws(BlockError) {
    try disk.read(0, into: buffer)
    try queue.submit(BlockRequest(.read, BlockSegment(buffer, count: 512)))
  } catch { panic("\(error.description)") }
  print("polled: \(disk.needsPolling)")
  unsafe one = try? Thread.spawn("one") { try? unsafe two.take()?.join() }
  unsafe two = try? Thread.spawn("two") { try? unsafe one.take()?.join() }
}
print("this is never printed")
