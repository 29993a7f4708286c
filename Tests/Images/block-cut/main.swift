// SPDX-License-Identifier: BSD-3-Clause
//
// Writes one record after the other, each to a place of its own, and tells of
// each when it should survive a loss of power. With the argument `hasty` it
// does not ask the disk to make them last.

import Block
import Boot
import Console
import Hart
import Scheduling
import Virtio

/// Records are 4 KiB, and 64 KiB apart.
let stride: UInt64 = 128
let places: UInt64 = 512

/// Whether the program was given this word.
func isAsked(for wish: StaticString) -> Bool {
  var words = Board.arguments
  while let word = words.next() { if word == wish { return true } }
  return false
}

Scheduler<StrictPriority, GuardedStacks>.run {
  guard let disk = Disks.all().first,
    let buffer = try? DMABuffer(count: 4096)
  else { panic("there is no disk") }
  let isHasty = isAsked(for: "hasty")
  print("begin")
  let request = BlockRequest(.write, BlockSegment(buffer, count: 4096))
  do throws(BlockError) {
    for number in 1..<places {
      for place in 0..<512 {
        let word = (number << 16 | UInt64(place)) &* 0x9E37_79B9_7F4A_7C15
        buffer.store64(word, at: 8 * place)
      }
      request.sector = number * stride
      try disk.perform(request)
      if !isHasty { try disk.flush() }
      print("record \(number)")
    }
  } catch { panic("\(error.description)") }
  print("end")
}
