// SPDX-License-Identifier: BSD-3-Clause

/// What is known about each block of one piece of memory: one byte for every
/// 32 bytes, of which only those count where a block begins.
///
///     ┌──────┬─────┬────────────────┬──────────────────────────────┐
///     │ next │ end │ map            │ blocks                       │
///     └──────┴─────┴────────────────┴──────────────────────────────┘
///       MemorySegments                    ▲ start                        ▲ end
///
/// So no byte of it must be cleared in advance, and blocks have no header that
/// would spoil their alignment.
struct BuddyMap {
  private static let isFree: UInt8 = 0x80

  private let bytes: UInt64
  /// Where the first block begins.
  let start: UInt64
  /// The address after the last byte.
  let end: UInt64

  /// The map of the piece of memory from `piece` up to `end`.
  init(piece: UInt64, end: UInt64) {
    bytes = piece + MemorySegments.overhead
    let units = (end - bytes) / 33
    start = min((bytes + units + 1).aligned(to: 32), end)
    self.end = end
  }

  private func place(of block: UInt64) -> UInt64 {
    bytes + (block - start) / 32
  }

  /// Whether a whole block of 2^`order` bytes at `block` would lie in here.
  func holds(_ block: UInt64, order: UInt64) -> Bool {
    block >= start && block < end && end - block >= 1 << order
  }

  func order(of block: UInt64) -> UInt64 {
    UInt64(RawMemory[byte: place(of: block)] & ~Self.isFree)
  }

  func isFree(_ block: UInt64) -> Bool {
    RawMemory[byte: place(of: block)] & Self.isFree != 0
  }

  func set(_ block: UInt64, order: UInt64, isFree: Bool) {
    RawMemory[byte: place(of: block)] =
      UInt8(truncatingIfNeeded: order) | (isFree ? Self.isFree : 0)
  }
}

/// The free blocks of each order. Links stand in the blocks themselves; the
/// lists' heads stand in the first memory that the allocator is given.
struct BuddyLists {
  /// The heads' address; 0 until there is memory.
  private var heads: UInt64 = 0
  /// Bit n is set if there is a free block of the order n.
  private var orders: UInt64 = 0

  init() {}

  var isPlaced: Bool { heads != 0 }

  mutating func place(at address: UInt64) {
    heads = address
    for order in 0...BuddyAllocator.largestOrder {
      RawMemory[heads + order * 8] = 0
    }
  }

  /// A block of the smallest order that is `order` at least; nil for none.
  func first(from order: UInt64) -> UInt64? {
    let suitable = orders & (~0 << order)
    guard suitable != 0 else { return nil }
    return RawMemory[heads + UInt64(suitable.trailingZeroBitCount) * 8]
  }

  mutating func insert(_ block: UInt64, order: UInt64) {
    let next = RawMemory[heads + order * 8]
    RawMemory[block] = next
    RawMemory[block + 8] = 0
    if next != 0 { RawMemory[next + 8] = block }
    RawMemory[heads + order * 8] = block
    orders |= 1 << order
  }

  mutating func remove(_ block: UInt64, order: UInt64) {
    let next = RawMemory[block]
    let previous = RawMemory[block + 8]
    if next != 0 { RawMemory[next + 8] = previous }
    guard previous == 0 else {
      RawMemory[previous] = next
      return
    }
    RawMemory[heads + order * 8] = next
    if next == 0 { orders &= ~(1 << order) }
  }

  /// The bytes of all free blocks, and of the largest. Linear in the number
  /// of blocks.
  func measure() -> (free: UInt64, largest: UInt64) {
    var free: UInt64 = 0
    var largest: UInt64 = 0
    var order: UInt64 = 0
    while orders >> order != 0 {
      var block = RawMemory[heads + order * 8]
      if block != 0 { largest = 1 << order }
      while block != 0 {
        free += 1 << order
        block = RawMemory[block]
      }
      order += 1
    }
    return (free, largest)
  }
}
