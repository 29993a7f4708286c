// SPDX-License-Identifier: BSD-3-Clause
//
// What questions to the device tree cost, in instructions of the hart, and
// what it costs to set up the disks, which is the longest of them.

import Block
import Boot
import Console
import DeviceTree
import Hart
import Virtio

/// Prints how many instructions `body` takes.
@inline(never)
func measure(_ name: StaticString, _ body: () -> Bool) {
  let start = Hart.instructionsRetired
  let isFound = body()
  let end = Hart.instructionsRetired
  guard isFound else { panic("not found: \(name)") }
  print("\(name) \(end &- start)")
}

guard let tree = Board.deviceTree else { panic("no device tree") }
measure("tree: what boot wants") {
  (try? tree.bootInfo(hart: Hart.id))?.hasTimer == true
}
measure("tree: virtio slots") { (try? tree.virtioSlots())?.count == 8 }
measure("tree: PLIC and its context") {
  guard let plic = try? tree.plic() else { return false }
  return ((try? plic.context(hart: Hart.id)) ?? nil) != nil
}
measure("tree: power register") {
  ((try? tree.powerRegister()) ?? nil) == 0x10_0000
}
measure("disks set up") { Disks.all().count == 1 }
