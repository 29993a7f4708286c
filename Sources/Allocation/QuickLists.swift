// SPDX-License-Identifier: BSD-3-Clause

/// Keeps blocks that were released for the next request of the same size, in
/// front of an allocator that would merge them.
///
///     release ─▶ ┌────┬────┬────┬────┐ ─full──▶ ┌──────┐
///                │ 24 │ 40 │ 56 │ …  │          │ Base │
///     allocate ◀ └────┴────┴────┴────┘ ◀─empty─ └──────┘
///
/// Programs release most blocks soon and ask for the same size again: then it
/// takes a dozen instructions. Blocks of up to 520 bytes have a list for each
/// size, of up to 15 blocks. Up to 8 KiB there are 16 places for one block
/// each. So at most 511 blocks wait here, and go back to the base when it has
/// nothing else left; a call takes at most as long as 511 of the base's.
///
/// The lists lie in a block of the base.
public struct QuickLists<Base: Allocator & ~Copyable>: ~Copyable, Allocator {
  // The list for blocks of the size s is number (s + 8) / 16, from 1 up: the
  // base of the default heap gives 24, 40, 56 … bytes.
  private static var listCount: UInt64 { 34 }
  private static var largestSmall: UInt64 { listCount * 16 - 24 }
  private static var placeCount: UInt64 { 16 }
  private static var largest: UInt64 { 8200 }
  private static var tableSize: UInt64 { (listCount + placeCount) * 8 }

  private var base: Base
  /// Where the lists are; 0 until there is memory. The place of the list
  /// number 0, which is never used, counts the blocks that were at hand.
  private var table: UInt64 = 0
  private var failures: UInt64 = 0

  /// Lists in front of a base without any memory.
  @inline(__always)
  public init() { base = Base() }

  @inline(__always)
  private static func list(for size: UInt64) -> UInt64 {
    (size &+ 8) &>> 4
  }

  @inline(__always)
  private func place(of size: UInt64) -> UInt64 {
    table &+ (Self.listCount &+ size &>> 4 & (Self.placeCount &- 1)) &* 8
  }

  // A list's head is an address, a multiple of 16, and in its lowest four
  // bits the number of blocks. Each block holds the head as it was before.

  @inline(__always)
  public mutating func allocateAtOnce(
    size: UInt64, alignment: UInt64
  ) -> UInt64? {
    guard alignment <= 16, table != 0 else { return nil }
    guard size <= Self.largestSmall else { return waiting(for: size) }
    let number = Self.list(for: base.usableSize(for: size))
    guard number < Self.listCount else { return nil }
    let list = table &+ number &* 8
    let head = Words[list]
    guard head != 0 else { return nil }
    let block = head & ~15
    Words[list] = Words[block]
    Words[table] &+= 1
    return block
  }

  /// The block that waits in its place, if it has just the size.
  @inline(__always)
  private mutating func waiting(for size: UInt64) -> UInt64? {
    guard size <= Self.largest else { return nil }
    let usable = base.usableSize(for: size)
    let place = place(of: usable)
    let block = Words[place]
    guard block != 0, base.size(of: block) == usable else { return nil }
    Words[place] = 0
    Words[table] &+= 1
    return block
  }

  @inline(__always)
  public mutating func releaseAtOnce(_ address: UInt64) -> Bool {
    let size = base.size(of: address)
    guard size <= Self.largestSmall else {
      return leaveWaiting(address, size: size)
    }
    let list = table &+ Self.list(for: size) &* 8
    let head = Words[list]
    let count = head & 15
    guard count < 15 else { return false }
    Words[address] = head
    Words[list] = address &+ count &+ 1
    return true
  }

  @inline(__always)
  private func leaveWaiting(_ address: UInt64, size: UInt64) -> Bool {
    guard size <= Self.largest else { return false }
    let place = place(of: size)
    guard Words[place] == 0 else { return false }
    Words[place] = address
    return true
  }
}

extension QuickLists where Base: ~Copyable {
  public mutating func allocate(_ request: Request) -> UInt64? {
    let (size, alignment) = (request.size, request.alignment)
    if let block = allocateAtOnce(size: size, alignment: alignment)
      ?? fromBase(request)
    {
      return block
    }
    flush()
    if let block = fromBase(request) { return block }
    failures += 1
    return nil
  }

  private mutating func fromBase(_ request: Request) -> UInt64? {
    guard table != 0 || makeTable() else { return nil }
    return base.allocate(request)
  }

  private mutating func makeTable() -> Bool {
    guard let block = base.allocate(size: Self.tableSize) else { return false }
    Words.fill(block..<(block + Self.tableSize), with: 0)
    table = block
    return true
  }

  /// A large block goes to the one place for it, and the base gets the block
  /// that was there: it has waited longer.
  public mutating func release(_ address: UInt64) {
    guard !releaseAtOnce(address) else { return }
    let size = base.size(of: address)
    guard size > Self.largestSmall, size <= Self.largest else {
      return base.release(address)
    }
    base.release(Words[place(of: size)])
    Words[place(of: size)] = address
  }

  /// Gives all blocks that wait back to the base.
  public mutating func flush() {
    guard table != 0 else { return }
    for number in 1..<Self.listCount + Self.placeCount {
      let head = table + number * 8
      while Words[head] != 0 {
        let block = Words[head] & ~15
        Words[head] = number < Self.listCount ? Words[block] : 0
        base.release(block)
      }
    }
  }

  public func size(of address: UInt64) -> UInt64 { base.size(of: address) }

  public mutating func resize(_ address: UInt64, to size: UInt64) -> Bool {
    base.resize(address, to: size)
  }

  public func usableSize(for size: UInt64) -> UInt64 {
    base.usableSize(for: size)
  }

  public func memoryNeeded(for request: Request) -> UInt64? {
    base.memoryNeeded(for: request).map { $0 + 1024 }
  }

  public mutating func add(_ memory: consuming FreeMemory) {
    base.add(memory)
  }

  /// The peak and the largest free block are the base's, to which a block that
  /// waits is one in use.
  public var statistics: Statistics {
    var result = base.statistics
    result.failures = failures
    guard table != 0 else { return result }
    result.allocations += Words[table]
    result.allocations -= 1
    result.liveBlocks -= 1
    result.bytesInUse -= base.size(of: table)
    for number in 1..<Self.listCount + Self.placeCount {
      var head = Words[table + number * 8]
      while head != 0 {
        let size = base.size(of: head & ~15)
        result.liveBlocks -= 1
        result.bytesInUse -= size
        result.bytesFree += size
        head = number < Self.listCount ? Words[head & ~15] : 0
      }
    }
    return result
  }
}
