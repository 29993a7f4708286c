// SPDX-License-Identifier: BSD-3-Clause

/// Blocks of one size, for many things of one kind: of `bytes` bytes, 1 at
/// least, rounded up to a multiple of 16.
///
///     free ─▶ ┌──────┐   ┌──────┐        fresh ─▶ never used so far,
///             │ next ├──▶│ next ├──▶ 0            up to the end
///             └──────┘   └──────┘
///
/// The smallest and quickest of the allocators: every slot is as good as any
/// other, so there is nothing to search and nothing to merge, and a slot has
/// no header. (Bonwick, "The Slab Allocator", 1994, is the idea at its
/// fullest.) All calls are constant but `add`, and the statistics, which are
/// linear in the number of segments.
public struct PoolAllocator<let bytes: Int>: ~Copyable, Allocator {
  private var slotSize: UInt64 { max(UInt64(bytes), 16).aligned(to: 16) }

  /// The slot that was released last, or 0.
  private var free: UInt64 = 0
  private var freeCount: UInt64 = 0
  private var segments = MemorySegments()
  /// The piece of memory whose slots are being used for the first time.
  private var piece: UInt64 = 0
  private var fresh: UInt64 = 0
  private var end: UInt64 = 0
  private var counters = Statistics()

  /// A pool without any memory.
  public init() {}

  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    guard request.size <= slotSize, request.alignment == 16,
      let slot = recycled() ?? freshSlot()
    else { return counters.refused() }
    counters.allocated(slotSize)
    return slot
  }

  private mutating func recycled() -> UInt64? {
    guard free != 0 else { return nil }
    let slot = free
    free = RawMemory[slot]
    freeCount -= 1
    return slot
  }

  private mutating func freshSlot() -> UInt64? {
    while piece != 0 {
      if end - fresh >= slotSize {
        fresh += slotSize
        return fresh - slotSize
      }
      use(segments.next(after: piece))
    }
    return nil
  }

  private mutating func use(_ next: UInt64) {
    piece = next
    fresh = next + MemorySegments.overhead
    end = next == 0 ? fresh : segments.end(of: next)
  }

  public mutating func release(_ address: UInt64) {
    counters.released(slotSize)
    RawMemory[address] = free
    free = address
    freeCount += 1
  }

  public func size(of address: UInt64) -> UInt64 { slotSize }

  public func usableSize(for size: UInt64) -> UInt64 {
    max(slotSize, size.aligned(to: 16))
  }

  public func memoryNeeded(for request: AllocationRequest) -> UInt64? {
    guard request.size <= slotSize, request.alignment == 16 else { return nil }
    return slotSize + MemorySegments.overhead + 32
  }

  public mutating func add(_ memory: consuming FreeMemory) {
    guard
      let addresses = memory.trimmed(
        minimum: slotSize + MemorySegments.overhead)
    else { return }
    counters.added(addresses.upperBound - addresses.lowerBound)
    segments.append(addresses)
    if piece == 0 { use(addresses.lowerBound) }
  }

  /// The largest free block is a slot, so that the fragmentation says
  /// nothing: a pool has none.
  public var statistics: Statistics {
    var slots = freeCount
    var piece = self.piece
    var start = fresh
    while piece != 0 {
      slots += (segments.end(of: piece) - start) / slotSize
      piece = segments.next(after: piece)
      start = piece + MemorySegments.overhead
    }
    return counters.with(
      free: slots * slotSize, largest: slots > 0 ? slotSize : 0)
  }
}
