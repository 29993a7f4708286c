// SPDX-License-Identifier: BSD-3-Clause

/// Blocks of any size in constant time: the allocator of the default heap.
///
/// A block knows its size, and through it the block behind. If it is free, its
/// last word leads the block behind to it, so that both neighbours of a block
/// are found at once when it is released, and merged if they are free. (Knuth,
/// The Art of Computer Programming, volume 1, section 2.5: boundary tags. The
/// search is TLSF's: see `SizeClasses`.)
///
///     ┌───────────┬──────┬────────────────────────┐
///     │ if the    │ size │ what the user has      │  ← two blocks overlap by
///     │ one before│ flags│ ┌ ─ ─ ─ ─ ─ ─ ┬────────┼──────┬───── a word
///     │ is free:  │      │   if free:      its     │ size │
///     │ its start │      │ │ links       │ start  │ flags│
///     └───────────┴──────┴─────────────────────────┴──────┴─────
///     ▲ block            ▲ address         ▲ block behind
///
/// A free block's size is kept as a negative number: what releases a block a
/// second time sees it at once.
///
/// So a block in use costs eight bytes beside its usable size, which is 24, 40,
/// 56 … bytes. A request is met from a class whose blocks are all large enough:
/// up to a sixteenth of the memory may be missed by it. An allocation costs
/// about 200 instructions, a release 90. No loop depends on how many blocks
/// there are.
public struct TLSFAllocator: ~Copyable, Allocator {
  private static let isBehindFree: UInt64 = 2
  private static let flags: UInt64 = 15
  private static let smallest: UInt64 = 32

  private var classes = SizeClasses()
  /// Where the memory that came last ends.
  private var end: UInt64 = 0
  private var counters = Statistics()

  /// An allocator without any memory.
  @inline(__always)
  public init() {}

  /// The size of a block for `size` bytes, with its header.
  @inline(__always)
  private static func blockSize(for size: UInt64) -> UInt64 {
    max((size &+ 8).aligned(to: 16), smallest)
  }

  /// The size of a block in use.
  @inline(__always)
  private static func size(_ block: UInt64) -> UInt64 {
    RawMemory[block &+ 8] & ~flags
  }

  /// The size of a free block. Two of them are never neighbours, so it has no
  /// flags.
  @inline(__always)
  private static func freeSize(_ block: UInt64) -> UInt64 {
    0 &- RawMemory[block &+ 8]
  }

  @inline(__always)
  private static func isFree(_ header: UInt64) -> Bool {
    Int64(bitPattern: header) < 0
  }

  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    let needed = Self.blockSize(for: request.size)
    guard let block = take(needed, alignment: request.alignment) else {
      return counters.refused()
    }
    trim(block, to: needed)
    counters.allocated(Self.size(block) &- 8)
    return block &+ 16
  }

  /// A block that is no longer free, at least `needed` bytes long.
  @inline(__always)
  private func take(_ needed: UInt64, alignment: UInt64) -> UInt64? {
    guard alignment > 16 else {
      guard let block = classes.block(holding: needed) else { return nil }
      classes.remove(block)
      setInUse(block, size: Self.freeSize(block))
      return block
    }
    return takeAligned(needed, alignment: alignment)
  }

  /// Cuts off what lies before the first suitable address; it must be nothing
  /// or large enough for a block of its own.
  @inline(never)
  private func takeAligned(
    _ needed: UInt64, alignment: UInt64
  ) -> UInt64? {
    let enough = needed + alignment + Self.smallest
    guard let block = classes.block(holding: enough) else { return nil }
    classes.remove(block)
    let size = Self.freeSize(block)
    var gap = (block + 16).aligned(to: alignment) - 16 - block
    if gap > 0, gap < Self.smallest { gap += alignment }
    guard gap > 0 else {
      setInUse(block, size: size)
      return block
    }
    setInUse(block + gap, size: size - gap)
    keep(block, size: gap)
    return block + gap
  }

  /// A block that was free has a block in use before it: two free ones would
  /// have been merged.
  @inline(__always)
  private func setInUse(_ block: UInt64, size: UInt64) {
    RawMemory[block &+ 8] = size
    RawMemory[block &+ size &+ 8] &= ~Self.isBehindFree
  }

  /// Makes a free block of what is there.
  @inline(__always)
  private func keep(_ block: UInt64, size: UInt64) {
    RawMemory[block &+ 8] = 0 &- size
    RawMemory[block &+ size] = block
    RawMemory[block &+ size &+ 8] |= Self.isBehindFree
    classes.insert(block, size: size)
  }

  /// Keeps what a block in use has behind its first `needed` bytes, if that is
  /// enough for a block. The block behind must be in use, too.
  @inline(__always)
  private func trim(_ block: UInt64, to needed: UInt64) {
    let header = RawMemory[block &+ 8]
    let rest = header & ~Self.flags &- needed
    guard rest >= Self.smallest else { return }
    RawMemory[block &+ 8] = needed | header & Self.flags
    keep(block &+ needed, size: rest)
  }

  public mutating func release(_ address: UInt64) {
    let block = address &- 16
    let size = Self.size(block)
    if isNoBlockInUse(block, size) { endForMisuse(of: block) }
    counters.released(size &- 8)
    merge(block)
  }

  @inline(never)
  private func endForMisuse(of block: UInt64) -> Never {
    let header = RawMemory[block + 8]
    guard header == 0 || Self.isFree(header) else {
      Allocation.endForMisuse(
        .notABlock, of: block + 16, size: Self.size(block) &- 8)
    }
    // What it has become a part of is free, and as large as that or larger.
    Allocation.endForMisuse(
      .releasedTwice, of: block + 16,
      size: header == 0 ? 0 : Self.freeSize(block) - 8)
  }

  /// Whether the block is certainly not in use: it is free, or has become part
  /// of a free one, or the block behind says so.
  @inline(__always)
  private func isNoBlockInUse(_ block: UInt64, _ size: UInt64) -> Bool {
    size &- Self.smallest > AllocationRequest.limit
      || RawMemory[block &+ size &+ 8] & Self.isBehindFree != 0
  }

  /// Keeps a block together with its neighbours that are free.
  @inline(__always)
  private func merge(_ released: UInt64) {
    var block = released
    let header = RawMemory[block &+ 8]
    var size = header & ~Self.flags
    let behind = RawMemory[block &+ size &+ 8]
    if Self.isFree(behind) {
      classes.remove(block &+ size)
      size &-= behind
    }
    if header & Self.isBehindFree != 0 {
      // No block begins here any more.
      RawMemory[block &+ 8] = 0
      block = RawMemory[block]
      classes.remove(block)
      size &+= Self.freeSize(block)
    }
    keep(block, size: size)
  }

  public func size(of address: UInt64) -> UInt64 {
    Self.size(address &- 16) &- 8
  }

  public func usableSize(for size: UInt64) -> UInt64 {
    Self.blockSize(for: size) &- 8
  }
}

extension TLSFAllocator {
  /// Grows into the block behind, if that is free; shrinks always.
  public mutating func resize(_ address: UInt64, to size: UInt64) -> Bool {
    guard size <= AllocationRequest.limit else { return false }
    let block = address - 16
    let old = Self.size(block)
    let needed = Self.blockSize(for: size)
    let behind = RawMemory[block + old + 8]
    if Self.isFree(behind) {
      guard old &- behind >= needed else { return false }
      classes.remove(block + old)
      let flag = RawMemory[block + 8] & Self.isBehindFree
      setInUse(block, size: old &- behind)
      RawMemory[block + 8] |= flag
    } else if needed > old {
      return false
    }
    trim(block, to: needed)
    counters.resized(from: old - 8, to: Self.size(block) - 8)
    return true
  }

  public func memoryNeeded(for request: AllocationRequest) -> UInt64? {
    let gap = request.alignment > 16 ? request.alignment + Self.smallest : 0
    let block = Self.blockSize(for: request.size) + gap
    return SizeClasses.sizeToBeFound(for: block) + SizeClasses.tableSize + 96
  }

  /// Memory that begins where the memory before it ended becomes one with it.
  public mutating func add(_ memory: consuming FreeMemory) {
    let table = classes.isPlaced ? 0 : SizeClasses.tableSize
    guard let addresses = memory.trimmed(minimum: table + 64) else { return }
    counters.added(addresses.upperBound - addresses.lowerBound)
    if table > 0 { classes.place(at: addresses.lowerBound) }
    // The last 16 bytes of each memory are a block of no size that is always
    // in use, so that a search for neighbours ends there.
    var start = addresses.lowerBound + table
    var flag: UInt64 = 0
    if start == end, counters.bytesManaged <= AllocationRequest.limit {
      start -= 16
      flag = RawMemory[start + 8] & Self.isBehindFree
    }
    end = addresses.upperBound
    RawMemory[end - 8] = 0
    RawMemory[start + 8] = (end - 16 - start) | flag
    merge(start)
  }

  public var statistics: Statistics {
    var free: UInt64 = 0
    var largest: UInt64 = 0
    classes.forEach { block in
      let usable = Self.freeSize(block) - 8
      free += usable
      largest = max(largest, usable)
    }
    return counters.with(free: free, largest: largest)
  }
}
