// SPDX-License-Identifier: BSD-3-Clause

/// Finds buffer overruns, uses after free and double frees: an allocator for
/// debugging in front of another allocator.
///
/// Around each block lie red zones, which no caller may write. A fresh block
/// is filled with a pattern, a released block with another pattern, and stays
/// in a quarantine before its memory can be handed out again:
///
///     allocate ─▶ in use ─release─▶ quarantine ─▶ base allocator
///                 red zones whole?  pattern whole?
///
/// Costs 208 bytes for each block, and time that is linear in its size.
public struct DebugAllocator<
  Base: Allocator & ~Copyable, Observer: HeapObserver & ~Copyable
>: ~Copyable, Allocator {
  private static var longestQuarantine: UInt64 { 32 }

  private var base: Base
  private var observer: Observer
  /// The block that was allocated last, and through it all others in use.
  private var live: UInt64 = 0
  private var oldest: UInt64 = 0
  private var newest: UInt64 = 0
  private var quarantined: UInt64 = 0
  /// All blocks lie between these addresses.
  private var lowest: UInt64 = 0
  private var highest: UInt64 = 0
  private var counters = Statistics()

  /// Checks in front of a base without any memory.
  @inline(__always)
  public init() {
    base = Base()
    observer = Observer()
  }

  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    guard let block = place(request) else { return counters.refused() }
    block.setInUse()
    block.paintRedZones()
    RawMemory.fill(block.bytes, with: BlockRecord.freshByte)
    block.releasedAt.clear()
    block.allocatedAt.clear()
    observer.callers { block.allocatedAt.append($0) }
    link(block)
    counters.allocated(block.size)
    return block.address
  }

  private mutating func place(_ request: AllocationRequest) -> BlockRecord? {
    guard let whole = Self.whole(request) else { return nil }
    var address = base.allocate(whole)
    while address == nil, oldest != 0 {
      leaveQuarantine()
      address = base.allocate(whole)
    }
    guard let address else { return nil }
    let front = whole.size - request.size - BlockRecord.redZone
    let block = BlockRecord(of: address + front)
    block.base = address
    block.size = request.size
    return block
  }

  /// The block with its record and red zones, which the base is asked for.
  private static func whole(_ request: AllocationRequest) -> AllocationRequest?
  {
    let front = BlockRecord.size.aligned(to: request.alignment)
    return AllocationRequest(
      size: front + request.size + BlockRecord.redZone,
      alignment: request.alignment)
  }

  public mutating func release(_ address: UInt64) {
    guard let block = blockInUse(at: address) else { return }
    unlink(block)
    counters.released(block.size)
    block.setReleased()
    block.paintRedZones()
    RawMemory.fill(block.bytes, with: BlockRecord.freedByte)
    observer.callers { block.releasedAt.append($0) }
    enterQuarantine(block)
  }

  /// The block at `address`, looked at; nil if there is none, which has been
  /// reported then.
  private mutating func blockInUse(at address: UInt64) -> BlockRecord? {
    let block = BlockRecord(of: address)
    guard address & 15 == 0, address < highest, address > lowest,
      address - lowest >= BlockRecord.size, block.isInUse || block.isReleased
    else {
      observer.report(.notABlock, block)
      return nil
    }
    guard block.isInUse else {
      observer.report(.releasedTwice, block)
      return nil
    }
    if let fault = block.damage { observer.report(fault, block) }
    return block
  }
}

// MARK: - Lists

extension DebugAllocator where Base: ~Copyable, Observer: ~Copyable {
  private mutating func link(_ block: BlockRecord) {
    block.next = live
    block.previous = 0
    if live != 0 { BlockRecord(of: live).previous = block.address }
    live = block.address
  }

  private mutating func unlink(_ block: BlockRecord) {
    let (next, previous) = (block.next, block.previous)
    if next != 0 { BlockRecord(of: next).previous = previous }
    if previous != 0 {
      BlockRecord(of: previous).next = next
    } else {
      live = next
    }
  }

  private mutating func enterQuarantine(_ block: BlockRecord) {
    block.next = 0
    if newest != 0 {
      BlockRecord(of: newest).next = block.address
    } else {
      oldest = block.address
    }
    newest = block.address
    quarantined += 1
    if quarantined > Self.longestQuarantine { leaveQuarantine() }
  }

  private mutating func leaveQuarantine() {
    let block = BlockRecord(of: oldest)
    if let fault = block.damageAfterRelease { observer.report(fault, block) }
    oldest = block.next
    if oldest == 0 { newest = 0 }
    quarantined -= 1
    block.erase()
    base.release(block.base)
  }

  /// Looks at all blocks in use and in quarantine. Linear in their bytes.
  public mutating func check() {
    var next = live
    while next != 0 {
      let block = BlockRecord(of: next)
      if let fault = block.damage { observer.report(fault, block) }
      next = block.next
    }
    next = oldest
    while next != 0 {
      let block = BlockRecord(of: next)
      if let fault = block.damageAfterRelease { observer.report(fault, block) }
      next = block.next
    }
  }

  /// Calls `visit` with each block in use: at the end of a program these are
  /// its leaks. The latest comes first.
  public func forEachLiveBlock(_ visit: (BlockRecord) -> Void) {
    var next = live
    while next != 0 {
      let block = BlockRecord(of: next)
      next = block.next
      visit(block)
    }
  }

  /// Lends the observer, for instance to ask it what it has seen.
  public mutating func withObserver<Result>(
    _ body: (inout Observer) -> Result
  ) -> Result {
    body(&observer)
  }
}

// MARK: - The rest of an allocator

extension DebugAllocator where Base: ~Copyable, Observer: ~Copyable {
  public func size(of address: UInt64) -> UInt64 {
    BlockRecord(of: address).size
  }

  /// Never grows: a block that moves exposes callers that kept its old address.
  public mutating func resize(_ address: UInt64, to size: UInt64) -> Bool {
    guard let block = blockInUse(at: address) else { return false }
    let old = block.size
    guard size > 0, size <= old else { return false }
    block.size = size
    block.paintRedZones()
    counters.resized(from: old, to: size)
    return true
  }

  public func usableSize(for size: UInt64) -> UInt64 { max(size, 1) }

  public func memoryNeeded(for request: AllocationRequest) -> UInt64? {
    guard let whole = Self.whole(request) else { return nil }
    return base.memoryNeeded(for: whole)
  }

  public mutating func add(_ memory: consuming FreeMemory) {
    let addresses = memory.addresses
    lowest =
      highest == 0 ? addresses.lowerBound : min(lowest, addresses.lowerBound)
    highest = max(highest, addresses.upperBound)
    counters.added(addresses.upperBound - addresses.lowerBound)
    base.add(memory)
  }

  public var statistics: Statistics {
    let base = base.statistics
    return counters.with(
      free: base.bytesFree, largest: base.largestFreeBlock)
  }
}
