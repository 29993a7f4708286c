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
///
/// A small block that waits begins with two words: the list's head as it was
/// before, and a seal, which is that word mixed with the list's address. So a
/// block that is released twice shows it, and one that was written to after
/// its release is not handed out: both end the program. This costs ten
/// instructions for a pair of calls.
public struct QuickLists<Base: Allocator & ~Copyable>: ~Copyable, Allocator {
  // The list for blocks of the size s is at (s + 8) & ~15 in the table, and so
  // at a multiple of 16, from 16 up: the base of the default heap gives 24, 40,
  // 56 … bytes. Between the lists lie the places.
  private static var lastList: UInt64 { 528 }
  private static var largestSmall: UInt64 { lastList - 8 }
  private static var largest: UInt64 { 8200 }
  private static var tableSize: UInt64 { lastList + 16 }
  /// The head of an empty list. In place of a list 0 there is a 0, a list that
  /// is full for ever: so a block whose size has become 0 goes to the base,
  /// which says what is wrong.
  private static var empty: UInt64 { 15 }

  private var base: Base
  /// Where the lists are; 0 until there is memory. Its second word counts the
  /// blocks that were at hand.
  private var table: UInt64 = 0
  private var failures: UInt64 = 0

  /// Lists in front of a base without any memory.
  @inline(__always)
  public init() { base = Base() }

  @inline(__always)
  private static func list(for size: UInt64) -> UInt64 { (size &+ 8) & ~15 }

  @inline(__always)
  private func place(of size: UInt64) -> UInt64 {
    table &+ 24 &+ (size & 0xF0)
  }

  // A list's head is an address, a multiple of 16, or 0, and in its lowest four
  // bits the number of blocks that it could still take. Each block holds the
  // head as it was before.

  /// Whether a block looks as one that waits in `list`.
  @inline(__always)
  private func isSealed(_ block: UInt64, _ list: UInt64) -> Bool {
    RawMemory[block] ^ RawMemory[block &+ 8] == list
  }

  @inline(__always)
  public mutating func allocateAtOnce(
    size: UInt64, alignment: UInt64
  ) -> UInt64? {
    guard alignment <= 16, table != 0 else { return nil }
    guard _fastPath(size <= Self.largestSmall) else {
      return waiting(for: size)
    }
    let offset = Self.list(for: base.usableSize(for: size))
    // As a shift, for the compiler to see that it cannot be more.
    guard offset &>> 4 <= Self.lastList &>> 4 else { return nil }
    let list = table &+ offset
    let block = RawMemory[list] & ~15
    guard block != 0 else { return nil }
    let (seal, next) = (RawMemory[block &+ 8], RawMemory[block])
    // If not, `allocate` says what is wrong.
    guard seal ^ list == next else { return nil }
    RawMemory[block &+ 8] = 0
    RawMemory[list] = next
    RawMemory[table &+ 8] &+= 1
    return block
  }

  /// The block that waits in its place, if it has just the size.
  @inline(__always)
  private mutating func waiting(for size: UInt64) -> UInt64? {
    guard size <= Self.largest else { return nil }
    let usable = base.usableSize(for: size)
    let place = place(of: usable)
    let block = RawMemory[place]
    guard block != 0, base.size(of: block) == usable else { return nil }
    RawMemory[place] = 0
    RawMemory[table &+ 8] &+= 1
    return block
  }

  @inline(__always)
  public mutating func releaseAtOnce(_ address: UInt64) -> Bool {
    let size = base.size(of: address)
    let offset = Self.list(for: size)
    guard offset <= Self.lastList else {
      return leaveWaiting(address, size: size)
    }
    let list = table &+ offset
    let head = RawMemory[list]
    // If it is sealed, `release` looks whether it waits already.
    guard head & 15 != 0, !isSealed(address, list) else { return false }
    put(address, into: list, head)
    return true
  }

  @inline(__always)
  private func put(_ block: UInt64, into list: UInt64, _ head: UInt64) {
    RawMemory[block] = head
    RawMemory[block &+ 8] = head ^ list
    RawMemory[list] = block &+ (head & 15) &- 1
  }

  @inline(__always)
  private func leaveWaiting(_ address: UInt64, size: UInt64) -> Bool {
    guard size <= Self.largest else { return false }
    let place = place(of: size)
    guard RawMemory[place] == 0 else { return false }
    RawMemory[place] = address
    return true
  }
}

extension QuickLists where Base: ~Copyable {
  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
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

  private mutating func fromBase(_ request: AllocationRequest) -> UInt64? {
    guard table != 0 || makeTable() else { return nil }
    let offset = Self.list(for: base.usableSize(for: request.size))
    if request.alignment == 16, offset <= Self.lastList {
      checkFirst(of: table + offset)
    }
    return base.allocate(request)
  }

  /// Ends the program if the first block of a list was changed while it waited
  /// there, or is none at all: the block before was changed.
  private func checkFirst(of list: UInt64) {
    let block = RawMemory[list] & ~15
    guard block == 0 || isSealed(block, list) else {
      endForMisuse(.changedAfterRelease, of: block, size: list - table - 8)
    }
  }

  private mutating func makeTable() -> Bool {
    guard let block = base.allocate(size: Self.tableSize) else { return false }
    RawMemory.fill(block..<(block + Self.tableSize), with: 0)
    table = block
    for number in Self.lists { RawMemory[table + number * 16] = Self.empty }
    return true
  }

  /// A large block goes to the one place for it, and the base gets the block
  /// that was there: it has waited longer.
  public mutating func release(_ address: UInt64) {
    guard !releaseAtOnce(address) else { return }
    let size = base.size(of: address)
    let offset = Self.list(for: size)
    guard offset > Self.lastList else { return releaseSmall(address, offset) }
    guard size <= Self.largest else { return base.release(address) }
    let other = RawMemory[place(of: size)]
    if other == address {
      endForMisuse(.releasedTwice, of: address, size: size)
    }
    base.release(other)
    RawMemory[place(of: size)] = address
  }

  /// Its list is full, or it seems to be there already. What the program has
  /// written may look so by chance.
  private mutating func releaseSmall(_ address: UInt64, _ offset: UInt64) {
    let list = table + offset
    if offset > 0, isSealed(address, list) {
      if isWaiting(address, in: list) {
        endForMisuse(.releasedTwice, of: address, size: offset - 8)
      }
      let head = RawMemory[list]
      if head & 15 != 0 { return put(address, into: list, head) }
    }
    base.release(address)
  }

  private func isWaiting(_ address: UInt64, in list: UInt64) -> Bool {
    var block = RawMemory[list] & ~15
    while block != 0, block != address, isSealed(block, list) {
      block = RawMemory[block] & ~15
    }
    return block == address
  }

  /// Gives all blocks that wait back to the base.
  public mutating func flush() {
    guard table != 0 else { return }
    for number in Self.lists {
      let list = table + number * 16
      while RawMemory[list] != Self.empty {
        checkFirst(of: list)
        let block = RawMemory[list] & ~15
        RawMemory[list] = RawMemory[block]
        base.release(block)
      }
    }
    for number in 0..<16 as Range<UInt64> {
      let block = RawMemory[place(number)]
      RawMemory[place(number)] = 0
      if block != 0 { base.release(block) }
    }
  }

  /// The lists by number: each is at 16 times its number in the table.
  private static var lists: Range<UInt64> { 1..<lastList / 16 + 1 }

  /// The place of a number from 0 to 15.
  private func place(_ number: UInt64) -> UInt64 { table + 24 + number * 16 }

  public func size(of address: UInt64) -> UInt64 { base.size(of: address) }

  public mutating func resize(_ address: UInt64, to size: UInt64) -> Bool {
    base.resize(address, to: size)
  }

  public func usableSize(for size: UInt64) -> UInt64 {
    base.usableSize(for: size)
  }

  public func memoryNeeded(for request: AllocationRequest) -> UInt64? {
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
    result.allocations += RawMemory[table + 8]
    result.releases += RawMemory[table + 8]
    result.allocations -= 1
    result.bytesInUse -= base.size(of: table)
    forEachWaiting { block in
      let size = base.size(of: block)
      result.releases += 1
      result.bytesInUse -= size
      result.bytesFree += size
    }
    return result
  }

  /// Calls `visit` with each block that waits, but not with those behind one
  /// that was changed.
  private func forEachWaiting(_ visit: (UInt64) -> Void) {
    for number in Self.lists {
      let list = table + number * 16
      var block = RawMemory[list] & ~15
      while block != 0, isSealed(block, list) {
        visit(block)
        block = RawMemory[block] & ~15
      }
    }
    for number in 0..<16 as Range<UInt64> {
      let block = RawMemory[place(number)]
      if block != 0 { visit(block) }
    }
  }
}
