// Misses the point: looks for a double release in the whole list of free slots.
// SPDX-License-Identifier: BSD-3-Clause

import Hart

public struct SlotPool<Memory: WordMemory>: ~Copyable {
  private let memory: Memory
  private let first: UInt64
  private let slotSize: UInt64
  private let end: UInt64
  private var fresh: UInt64
  private var free: UInt64 = 0

  public init(_ memory: Memory, at addresses: Range<UInt64>, slotSize: UInt64) {
    self.memory = memory
    self.slotSize = (slotSize + 15) & ~15
    first = (addresses.lowerBound + 15) & ~15
    fresh = first
    end = max(addresses.upperBound, first)
  }

  public mutating func allocate() -> UInt64? {
    if free != 0 {
      let slot = free
      free = memory.load(slot)
      return slot
    }
    guard end - fresh >= slotSize else { return nil }
    fresh += slotSize
    return fresh - slotSize
  }

  public mutating func release(_ address: UInt64) -> Bool {
    guard address >= first, address < fresh,
      (address - first) % slotSize == 0
    else { return false }
    var slot = free
    while slot != 0 {
      if slot == address { return false }
      slot = memory.load(slot)
    }
    memory.store(free, at: address)
    free = address
    return true
  }
}
