// SPDX-License-Identifier: BSD-3-Clause

/// Blocks whose sizes are powers of two, split in halves and merged again.
///
///     1024 │                              │
///      512 │       A       │              │   the buddy of B is C:
///      256 │       A       │  B   │  C    │   its address differs in one bit
///
/// Two buddies that are both free become the block that they were split from.
/// Every block is aligned to its own size, so alignment costs nothing; but a
/// request of 1025 bytes takes 2048. (Knowlton 1965; Knuth, The Art of Computer
/// Programming, volume 1, section 2.5, algorithms R and S.)
///
/// Calls take at most one step for each of the 32 sizes; a release also
/// looks for the block's memory, linear in the number of segments.
public struct BuddyAllocator: ~Copyable, Allocator {
  /// The order n stands for the size 2^n.
  static let smallestOrder: UInt64 = 5
  static let largestOrder: UInt64 = 36
  private static let smallest: UInt64 = 1 << smallestOrder
  /// One list of free blocks for each order.
  static let tableSize: UInt64 = (largestOrder + 1) * 8

  private var lists = BuddyLists()
  private var segments = MemorySegments()
  private var counters = Statistics()

  /// An allocator without any memory.
  public init() {}

  private func order(of request: AllocationRequest) -> UInt64 {
    // (max of three numbers would make an array of them.)
    let bytes = max(max(request.size, request.alignment), Self.smallest)
    return UInt64(64 - (bytes - 1).leadingZeroBitCount)
  }

  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    let order = order(of: request)
    guard let block = take(order: order) else { return counters.refused() }
    counters.allocated(1 << order)
    return block
  }

  /// Knuth's algorithm R: splits the smallest block that is large enough.
  private mutating func take(order: UInt64) -> UInt64? {
    guard let block = lists.first(from: order),
      let map = map(of: block)
    else { return nil }
    var size = map.order(of: block)
    lists.remove(block, order: size)
    while size > order {
      size -= 1
      let upper = block + 1 << size
      map.set(upper, order: size, isFree: true)
      lists.insert(upper, order: size)
    }
    map.set(block, order: order, isFree: false)
    return block
  }

  /// Knuth's algorithm S: merges the block with its buddy, and the result
  /// with its own, for as long as they are free.
  public mutating func release(_ address: UInt64) {
    guard let map = map(of: address) else { return }
    let order = map.order(of: address)
    counters.released(1 << order)
    giveBack(address, order: order, to: map)
  }

  private mutating func giveBack(
    _ address: UInt64, order: UInt64, to map: BuddyMap
  ) {
    var block = address
    var order = order
    while order < Self.largestOrder {
      let buddy = block ^ 1 << order
      guard map.holds(buddy, order: order), map.isFree(buddy),
        map.order(of: buddy) == order
      else { break }
      lists.remove(buddy, order: order)
      block = min(block, buddy)
      order += 1
    }
    map.set(block, order: order, isFree: true)
    lists.insert(block, order: order)
  }

  private func map(of address: UInt64) -> BuddyMap? {
    guard let piece = segments.piece(with: address) else { return nil }
    return BuddyMap(piece: piece, end: segments.end(of: piece))
  }

  public func size(of address: UInt64) -> UInt64 {
    guard let map = map(of: address) else { return 0 }
    return 1 << map.order(of: address)
  }

  public func usableSize(for size: UInt64) -> UInt64 {
    guard let request = AllocationRequest(size: size, alignment: 16) else {
      return 0
    }
    return 1 << order(of: request)
  }

  public func memoryNeeded(for request: AllocationRequest) -> UInt64? {
    // Some block of twice the size less one byte holds an aligned one, and
    // each 32 bytes need one byte of the map.
    let block: UInt64 = 2 << order(of: request)
    return block + block / 31 + Self.tableSize + 128
  }
}

extension BuddyAllocator {
  public mutating func add(_ memory: consuming FreeMemory) {
    let table = lists.isPlaced ? 0 : Self.tableSize.aligned(to: 16)
    guard let addresses = memory.trimmed(minimum: table + 128) else { return }
    counters.added(addresses.upperBound - addresses.lowerBound)
    if table > 0 { lists.place(at: addresses.lowerBound) }
    let piece = addresses.lowerBound + table
    segments.append(piece..<addresses.upperBound)
    cut(BuddyMap(piece: piece, end: addresses.upperBound))
  }

  /// Cuts memory into the largest blocks that are aligned to their size.
  private mutating func cut(_ map: BuddyMap) {
    var block = map.start
    while block < map.end {
      var order = UInt64(block.trailingZeroBitCount)
      order = min(order, Self.largestOrder)
      while !map.holds(block, order: order), order > Self.smallestOrder {
        order -= 1
      }
      guard map.holds(block, order: order) else { return }
      map.set(block, order: order, isFree: true)
      lists.insert(block, order: order)
      block += 1 << order
    }
  }

  public var statistics: Statistics {
    let (free, largest) = lists.measure()
    return counters.with(free: free, largest: largest)
  }
}
