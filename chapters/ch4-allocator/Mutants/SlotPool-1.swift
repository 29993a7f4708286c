// Wrong: builds the list of free slots at the start, from memory that no
// slot needs yet.
// SPDX-License-Identifier: BSD-3-Clause

import Hart

public struct SlotPool<Memory: WordMemory>: ~Copyable {
  private let memory: Memory
  private let first: UInt64
  private let slotSize: UInt64
  private let count: UInt64
  private let notes: UInt64
  private var free: UInt64 = 0

  private static var inUse: UInt64 { .max }

  public init(_ memory: Memory, at addresses: Range<UInt64>, slotSize: UInt64) {
    self.memory = memory
    self.slotSize = (slotSize + 15) & ~15
    first = (addresses.lowerBound + 15) & ~15
    let end = max(addresses.upperBound, first)
    count = (end - first) / (self.slotSize + 8)
    notes = end - 8 * count
    for slot in 0..<count { memory.store(slot + 1, at: notes + 8 * slot) }
  }

  public mutating func allocate() -> UInt64? {
    guard free < count else { return nil }
    let slot = free
    free = memory.load(notes + 8 * slot)
    memory.store(Self.inUse, at: notes + 8 * slot)
    return first + slot * slotSize
  }

  public mutating func release(_ address: UInt64) -> Bool {
    guard address >= first, (address - first) % slotSize == 0 else {
      return false
    }
    let slot = (address - first) / slotSize
    guard slot < count, memory.load(notes + 8 * slot) == Self.inUse else {
      return false
    }
    memory.store(free, at: notes + 8 * slot)
    free = slot
    return true
  }
}
