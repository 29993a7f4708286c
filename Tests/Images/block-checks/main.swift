// SPDX-License-Identifier: BSD-3-Clause
//
// Asks each disk for all that a disk can be asked, and prints what it says.

import Block
import Boot
import Console
import Scheduling
import Virtio

func say(_ words: StaticString, _ body: () throws(BlockError) -> Void) {
  do throws(BlockError) {
    try body()
    print("  \(words): done")
  } catch { print("  \(words): \(error.description)") }
}

func describe(_ disk: BlockDevice) {
  let geometry = disk.geometry
  print(
    """
      \(geometry.sectorCount) sectors, blocks of \(geometry.blockSize)\
    \(geometry.isReadOnly ? ", read-only" : "")\
    \(geometry.maxDiscardSectors > 0 ? ", discards" : "")\
    \(geometry.maxZeroSectors > 0 ? ", writes zeroes" : "")
    """)
}

func isAll(_ byte: UInt8, _ buffer: DMABuffer) -> Bool {
  for index in 0..<buffer.count where buffer[index] != byte { return false }
  return true
}

func fill(_ buffer: DMABuffer, _ byte: UInt8) {
  for index in 0..<buffer.count { buffer[index] = byte }
}

func check(_ disk: BlockDevice) {
  let size = disk.geometry.blockSize
  let per = disk.geometry.sectorsPerBlock
  let end = disk.geometry.sectorCount
  guard let buffer = try? DMABuffer(count: size) else { panic("no memory") }
  say("first block read") { () throws(BlockError) in
    try disk.read(0, into: buffer)
  }
  say("last block read") { () throws(BlockError) in
    try disk.read(end - end % per - per, into: buffer)
  }
  say("block behind the end read") { () throws(BlockError) in
    try disk.read(end - end % per, into: buffer)
  }
  say("block 8 written") { () throws(BlockError) in
    fill(buffer, 0x5A)
    try disk.write(8 * per, from: buffer)
    try disk.flush()
    fill(buffer, 0)
    try disk.read(8 * per, into: buffer)
    if !isAll(0x5A, buffer) { throw .failed }
  }
  say("block 8 filled with zeros") { () throws(BlockError) in
    try disk.writeZeroes(8 * per, sectorCount: per)
    try disk.read(8 * per, into: buffer)
    if !isAll(0, buffer) { throw .failed }
  }
  say("block 8 discarded") { () throws(BlockError) in
    try disk.discard(8 * per, sectorCount: per)
  }
  say("100 pieces of memory") { () throws(BlockError) in
    try scatter(disk)
  }
  say("300 requests at once") { () throws(BlockError) in try crowd(disk) }
  do throws(BlockError) {
    print("  name: \(try disk.identify())")
  } catch { print("  name: \(error.description)") }
}

/// One request whose memory is in pieces, a sector each, in reverse order.
func scatter(_ disk: BlockDevice) throws(BlockError) {
  guard let one = try? DMABuffer(count: 512 * 96),
    let other = try? DMABuffer(count: 512 * 96)
  else { throw .outOfMemory }
  var pieces: [BlockSegment] = []
  for index in 1..<96 {
    pieces.append(BlockSegment(one, offset: 512 * (95 - index), count: 512))
  }
  let first = BlockSegment(one, offset: 512 * 95, count: 512)
  try disk.perform(BlockRequest(.read, sector: 0, first, pieces))
  try disk.read(0, into: other)
  for index in 0..<one.count {
    let (piece, place) = (index / 512, index % 512)
    guard one[512 * (95 - piece) + place] == other[index] else {
      throw .failed
    }
  }
}

/// More requests than the disk's queue can hold.
func crowd(_ disk: BlockDevice) throws(BlockError) {
  let size = disk.geometry.blockSize
  let per = disk.geometry.sectorsPerBlock
  guard let memory = try? DMABuffer(count: size * 300) else {
    throw .outOfMemory
  }
  let queue = RequestQueue(for: disk)
  for index in 0..<300 {
    let piece = BlockSegment(memory, offset: size * index, count: size)
    let block = UInt64(index % 16)
    try queue.add(BlockRequest(.read, sector: block * per, piece))
  }
  var count = 0
  while let request = queue.wait() {
    count += 1
    if let error = request.error { throw error }
  }
  if count != 300 { throw .failed }
}

Scheduler<StrictPriority, GuardedStacks>.run {
  let disks = Disks.all { print("a disk fails: \($0.description)") }
  for number in disks.indices {
    print("disk \(number)")
    describe(disks[number])
    check(disks[number])
  }
  print("\(disks.count) disks")
}
