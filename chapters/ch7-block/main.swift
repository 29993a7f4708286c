// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 7: a disk, read and written by interrupts.

import Block
import Boot
import Console
import Interrupts
import Scheduling
import Virtio

print("Swiftkraft, chapter 7: Block drivers")
print()
Scheduler<StrictPriority, GuardedStacks>.run {
  for device in VirtioDevices.all(ofKind: 2) {
    do throws(VirtioError) {
      let disk = try VirtioBlock(device.transport, interrupts: true)
      if let source = device.interrupt {
        try? Interrupts.attach(disk, to: source)
      }
      print("disk of \(disk.geometry.sectorCount) sectors")
      let buffer = try DMABuffer(count: 4096)
      do throws(BlockError) {
        try disk.read(0, into: buffer)
        print("read: \(hex: buffer.load64(at: 0))")
        buffer.store64(0x1234, at: 8)
        try disk.write(0, from: buffer)
        try disk.flush()
      } catch { print("\(error.description)") }
    } catch { print("\(error.description)") }
  }
  let counts = Interrupts.counts
  print("\(counts.served) served, \(counts.spurious) spurious")
}
