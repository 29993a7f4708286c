// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_4_2
import Grading
import Hart

/// A pool, its memory, and what it has handed out.
struct PoolTest: ~Copyable {
  let memory: PoolMemory
  let slotSize: UInt64
  var pool: SlotPool<PoolMemory>
  /// The slots in use, in the order in which they were handed out.
  var slots: [UInt64] = []

  init(bytes: UInt64, slotSize: UInt64, skip: UInt64 = 0) {
    let start = 0x8030_0000 + skip
    self.init(PoolMemory(start..<(start + bytes)), slotSize: slotSize)
  }

  /// A pool in memory that something else has used before.
  init(_ memory: PoolMemory, slotSize: UInt64) {
    self.memory = memory
    self.slotSize = slotSize
    pool = SlotPool(memory, at: memory.addresses, slotSize: slotSize)
  }

  var roundedSize: UInt64 { (slotSize + 15) / 16 * 16 }

  /// How many slots there must be at least.
  var fewestSlots: UInt64 {
    let bytes = UInt64(memory.addresses.count)
    return bytes < 32 ? 0 : (bytes - 32) / (roundedSize + 8)
  }
}

extension Message.Interpolation {
  mutating func appendInterpolation(_ test: borrowing PoolTest) {
    appendLiteral("slots of ")
    appendInterpolation(test.slotSize)
    appendLiteral(" bytes at ")
    appendInterpolation(test.memory.addresses)
  }

  /// What a call was given, if anything.
  mutating func appendInterpolation(argument: UInt64?) {
    if let argument { appendInterpolation(hex: argument) }
  }
}
