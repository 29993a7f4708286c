// SPDX-License-Identifier: BSD-3-Clause
//
// Eight threads write 128 MiB to blocks chosen by chance, and read as much
// back. What must be on the disk at the end follows from the seeds alone, so
// that the host can compute it too.

import Block
import Boot
import Console
import Interrupts
import Scheduling
import Virtio

/// Numbers that look random: xorshift, as the host has it.
struct Dice {
  var state: UInt64
  mutating func roll() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

let threadCount = 8
let rounds = 4096
let blocksEach = 1024

/// A thread, with the blocks that are its own: every eighth.
final class Worker: @unchecked Sendable {
  let number: Int
  let disk: BlockDevice
  let buffer: DMABuffer
  private let write: BlockRequest
  private let read: BlockRequest
  private var versions: [UInt32]
  private var dice: Dice

  init(_ number: Int, _ disk: BlockDevice) throws(VirtioError) {
    (self.number, self.disk) = (number, disk)
    buffer = try DMABuffer(count: 8192)
    write = BlockRequest(.write, BlockSegment(buffer, count: 4096))
    // In two pieces: the second half of the block first in memory.
    read = BlockRequest(
      .read, BlockSegment(buffer, offset: 6144, count: 2048),
      [BlockSegment(buffer, offset: 4096, count: 2048)])
    versions = Array(repeating: 0, count: blocksEach)
    dice = Dice(state: UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  func work() throws(BlockError) {
    for _ in 0..<rounds {
      try writeOne(Int(dice.roll() % UInt64(blocksEach)))
      try checkOne(Int(dice.roll() % UInt64(blocksEach)))
    }
  }

  private func block(_ index: Int) -> UInt64 {
    UInt64(index * threadCount + number)
  }

  private func word(_ index: Int, _ place: UInt64) -> UInt64 {
    guard versions[index] > 0 else { return 0 }
    let seed = block(index) << 32 | UInt64(versions[index])
    return (seed &+ place) &* 0x9E37_79B9_7F4A_7C15
  }

  private func writeOne(_ index: Int) throws(BlockError) {
    versions[index] += 1
    let first = word(index, 0)
    for place in 0..<512 {
      let value = first &+ UInt64(place) &* 0x9E37_79B9_7F4A_7C15
      buffer.store64(value, at: 8 * place)
    }
    write.sector = block(index) * 8
    try disk.perform(write)
  }

  private func checkOne(_ index: Int) throws(BlockError) {
    read.sector = block(index) * 8
    try disk.perform(read)
    for place in 0..<UInt64(512) {
      let half = place < 256 ? 6144 : 4096 - 2048
      let found = buffer.load64(at: half + 8 * Int(place))
      guard found == word(index, place) else {
        panic("block \(block(index)), word \(place): \(hex: found)")
      }
    }
  }
}

Scheduler<StrictPriority, GuardedStacks>.run {
  guard let disk = Disks.all().first else { panic("there is no disk") }
  do throws(ThreadError) {
    for number in 0..<threadCount {
      guard let worker = try? Worker(number, disk) else { panic("no memory") }
      try Thread.spawn("worker") {
        do throws(BlockError) {
          try worker.work()
        } catch { panic("\(error.description)") }
      }.detach()
    }
  } catch { panic("no memory for a thread") }
}
let moved = threadCount * rounds * 8192 / (1 << 20)
print("\(moved) MiB moved, \(Interrupts.counts.served) interrupts")
