// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 4.2: a pool within a budget. See `make hint EX=4.2`.

import Hart
//@ solution
//@ stub
//| import Todo
//@ end

/// Slots of one size, cut from memory that has no other use.
///
///     addresses
///     ├──────┬──────┬──────┬──────┬─ ─ ─ ─ ─ ─ ─ ─ ─┬──────────┤
///     │ used │ free │ used │ free │ never used yet  │ notes of │
///     │      │      │      │      │                 │ the pool │
///     └──────┴──────┴──────┴──────┴─ ─ ─ ─ ─ ─ ─ ─ ─┴──────────┘
///
/// Slots begin at multiples of 16, and their size is rounded up to one. What
/// the pool must remember about them may cost 8 bytes for each slot, and 32
/// beside, all of it in this memory: a pool needs no heap. What a user writes
/// into his slot is his affair: the pool believes nothing that it reads there.
///
/// Every call takes the same short time, however many slots there are. The
/// budget is 100 instructions for an allocation and a release together, and
/// four accesses to memory for one call.
public struct SlotPool<Memory: WordMemory>: ~Copyable {
  private let memory: Memory
  private let first: UInt64
  private let slotSize: UInt64
  //@ solution
  /// How many slots there are, and behind them the address of their notes: a
  /// word for each.
  private let count: UInt64
  private let notes: UInt64
  /// The first slot that was never used; the one that was released last, or
  /// `count`. The note of a free slot is the next one.
  private var fresh: UInt64 = 0
  private var free: UInt64

  /// The note of a slot in use: no slot has this number.
  private static var inUse: UInt64 { .max }
  //@ stub
  //| // TODO: what must the pool remember?
  //@ end

  /// A pool of all slots that fit. Does not touch the memory.
  ///
  /// - Parameters:
  ///   - memory: Gives access to the words at these addresses.
  ///   - addresses: Where the slots lie: multiples of 8. They may be too few
  ///     for a single slot.
  ///   - slotSize: How many bytes a slot has: 1 to 4096.
  public init(_ memory: Memory, at addresses: Range<UInt64>, slotSize: UInt64) {
    self.memory = memory
    self.slotSize = (slotSize + 15) & ~15
    first = (addresses.lowerBound + 15) & ~15
    //@ solution
    let end = max(addresses.upperBound, first)
    count = (end - first) / (self.slotSize + 8)
    notes = end - 8 * count
    free = count
    //@ stub
    //| // TODO: how many slots fit? Remove `todo`.
    //| todo("4.2")
    //@ end
  }

  /// Hands out a slot that is free.
  ///
  /// One that was released goes before one that was never used: its memory is
  /// there already.
  ///
  /// - Returns: The slot's address, or nil if all are in use.
  public mutating func allocate() -> UInt64? {
    //@ solution
    let slot: UInt64
    if free < count {
      slot = free
      free = memory.load(notes + 8 * slot)
    } else {
      guard fresh < count else { return nil }
      slot = fresh
      fresh += 1
    }
    memory.store(Self.inUse, at: notes + 8 * slot)
    return first + slot * slotSize
    //@ stub
    //| // TODO: a slot that was released, or else one that was never used.
    //| // Remove `todo`.
    //| todo("4.2")
    //@ end
  }

  /// Takes a slot back.
  ///
  /// - Returns: Whether `address` is that of a slot in use. If not, because it
  ///   is no slot's or the slot is free already, nothing has changed.
  public mutating func release(_ address: UInt64) -> Bool {
    //@ solution
    guard address >= first, (address - first) % slotSize == 0 else {
      return false
    }
    let slot = (address - first) / slotSize
    guard slot < fresh, memory.load(notes + 8 * slot) == Self.inUse else {
      return false
    }
    memory.store(free, at: notes + 8 * slot)
    free = slot
    return true
    //@ stub
    //| // TODO: is it a slot in use? Then it is free now. Remove `todo`.
    //| todo("4.2")
    //@ end
  }
}
