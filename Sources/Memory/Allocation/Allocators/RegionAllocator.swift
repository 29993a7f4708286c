// SPDX-License-Identifier: BSD-3-Clause

/// Memory for work that ends all at once: blocks are cut off one behind the
/// other, and given back together.
///
///     ┌────────┬────────┬────────┬───────────────────────┐
///     │ block  │ block  │ block  │ free                  │
///     └────────┴────────┴────────┴───────────────────────┘
///                        ▲ last   ▲ next
///
/// A block that is released is only marked. As soon as all blocks behind it
/// are released, too, its memory can be used again; so work that releases in
/// reverse order gets all of it back. An allocation costs about 80
/// instructions; a release 60 on average, but one may have to step back over
/// all that are marked.
public struct RegionAllocator: ~Copyable, Allocator {
  // In front of each block stand its size and its predecessor's address, in
  // 16 bytes. The lowest bit of the size tells that it was released.
  private static let header: UInt64 = 16

  private var segments = MemorySegments()
  /// The piece of memory in which blocks are cut off now.
  private var piece: UInt64 = 0
  private var next: UInt64 = 0
  /// The last block, or 0.
  private var last: UInt64 = 0
  private var counters = Statistics()

  /// A region without any memory.
  public init() {}

  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    guard let address = place(request) else { return counters.refused() }
    let size = request.size.aligned(to: 16)
    RawMemory[address - 16] = size
    RawMemory[address - 8] = last
    last = address
    next = address + size
    counters.allocated(size)
    return address
  }

  /// Where a block fits, in this piece of memory or in one that follows.
  private mutating func place(_ request: AllocationRequest) -> UInt64? {
    var piece = self.piece
    var next = self.next
    while piece != 0 {
      let address = (next + Self.header).aligned(to: request.alignment)
      let end = segments.end(of: piece)
      if address <= end, end - address >= request.size {
        self.piece = piece
        return address
      }
      piece = segments.next(after: piece)
      next = piece + MemorySegments.overhead
    }
    return nil
  }

  public mutating func release(_ address: UInt64) {
    counters.released(size(of: address))
    RawMemory[address - 16] |= 1
    while last != 0, RawMemory[last - 16] & 1 == 1 {
      next = last - Self.header
      last = RawMemory[last - 8]
    }
    // Back to the piece of memory that now holds the last block.
    guard last != 0 else { return rewind() }
    let end = segments.end(of: piece)
    if last < piece || last >= end {
      piece = segments.piece(with: last) ?? piece
      next = last + size(of: last)
    }
  }

  /// Takes all blocks back. Constant.
  public mutating func releaseAll() {
    counters.releasedAll()
    rewind()
  }

  private mutating func rewind() {
    last = 0
    piece = segments.first
    next = piece + MemorySegments.overhead
  }

  public func size(of address: UInt64) -> UInt64 {
    RawMemory[address - 16] & ~1
  }

  /// Only the last block can grow.
  public mutating func resize(_ address: UInt64, to size: UInt64) -> Bool {
    let old = self.size(of: address)
    guard size > old else { return true }
    guard address == last, size <= AllocationRequest.limit,
      segments.end(of: piece) - address >= size
    else { return false }
    let new = size.aligned(to: 16)
    RawMemory[address - 16] = new
    next = address + new
    counters.resized(from: old, to: new)
    return true
  }

  public func usableSize(for size: UInt64) -> UInt64 {
    max(size, 1).aligned(to: 16)
  }

  public func memoryNeeded(for request: AllocationRequest) -> UInt64? {
    request.size.aligned(to: 16) + request.alignment + 64
  }

  public mutating func add(_ memory: consuming FreeMemory) {
    guard let addresses = memory.trimmed(minimum: 48) else { return }
    counters.added(addresses.upperBound - addresses.lowerBound)
    guard !segments.extend(by: addresses) else { return }
    segments.append(addresses)
    if piece == 0 { rewind() }
  }

  public var statistics: Statistics {
    var free: UInt64 = 0
    var largest: UInt64 = 0
    var piece = self.piece
    var next = self.next
    while piece != 0 {
      let rest = segments.end(of: piece) - next
      let usable = rest > Self.header ? rest - Self.header : 0
      free += usable
      largest = max(largest, usable)
      piece = segments.next(after: piece)
      next = piece + MemorySegments.overhead
    }
    return counters.with(free: free, largest: largest)
  }
}
