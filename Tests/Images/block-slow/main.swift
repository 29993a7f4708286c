// SPDX-License-Identifier: BSD-3-Clause
//
// Asks a disk for six sectors at once, with a timeout of two seconds: enough
// for a disk that answers one request in a second, if progress counts.

import Block
import Boot
import Console
import DeviceTree
import Interrupts
import Scheduling
import Virtio

Scheduler<StrictPriority, GuardedStacks>.run {
  guard let device = VirtioDevices.all(ofKind: 2).first,
    let source = device.interrupt,
    let disk = try? VirtioBlock(
      device.transport, interrupts: true, timeout: .seconds(2)),
    let buffer = try? DMABuffer(count: 512 * 6)
  else { panic("there is no disk") }
  let queue = RequestQueue(for: disk)
  var done = 0
  do throws(BlockError) {
    try? Interrupts.attach(disk, to: source)
    for index in 0..<6 {
      let piece = BlockSegment(buffer, offset: 512 * index, count: 512)
      try queue.add(BlockRequest(.read, sector: UInt64(index), piece))
    }
    while let request = queue.wait() {
      if let error = request.error { throw error }
      done += 1
    }
  } catch { print("a read fails: \(error.description)") }
  print("\(done) reads done, \(disk.resets) resets")
}
