// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Where a megapage's record stands among all records.
typealias MegapageIndex = Int

/// Two megabytes of physical memory at a multiple of their size: as much as one
/// 2 MiB page maps. Frames are found by first finding their megapage.
enum Megapage {
  static var size: UInt64 { UInt64(FrameBits.count) * Frame.size }
}

/// The records of all megapages, in memory that was set aside for them:
///
///     ┌─────────────────────────────┬──────┬──────────┐
///     │ 512 bits: 1 = frame is free │ next │ previous │  80 bytes
///     └─────────────────────────────┴──────┴──────────┘
///
/// The links join megapages whose largest free run is of the same size. A link
/// holds an index plus one, and 0 at the end.
struct MegapageRecords<Memory: WordMemory> {
  static var recordSize: UInt64 { 80 }

  let memory: Memory
  let base: UInt64

  @inline(never)
  func bits(of megapage: MegapageIndex) -> FrameBits {
    let record = address(of: megapage)
    return FrameBits {
      memory.load(record &+ UInt64(truncatingIfNeeded: $0) &* 8)
    }
  }

  @inline(never)
  func setBits(of megapage: MegapageIndex, _ bits: FrameBits) {
    let record = address(of: megapage)
    for index in 0..<8 {
      let place = record &+ UInt64(truncatingIfNeeded: index) &* 8
      memory.store(bits[word: index], at: place)
    }
  }

  func next(of megapage: MegapageIndex) -> MegapageIndex? {
    Self.index(memory.load(address(of: megapage) &+ 64))
  }

  func setNext(of megapage: MegapageIndex, _ next: MegapageIndex?) {
    memory.store(Self.link(next), at: address(of: megapage) &+ 64)
  }

  func previous(of megapage: MegapageIndex) -> MegapageIndex? {
    Self.index(memory.load(address(of: megapage) &+ 72))
  }

  func setPrevious(of megapage: MegapageIndex, _ previous: MegapageIndex?) {
    memory.store(Self.link(previous), at: address(of: megapage) &+ 72)
  }

  /// Where a megapage's record is. It was set aside, so no sum overflows.
  private func address(of megapage: MegapageIndex) -> UInt64 {
    base &+ UInt64(truncatingIfNeeded: megapage) &* Self.recordSize
  }

  private static func link(_ megapage: MegapageIndex?) -> UInt64 {
    megapage.map { UInt64($0) + 1 } ?? 0
  }

  private static func index(_ link: UInt64) -> MegapageIndex? {
    link == 0 ? nil : MegapageIndex(link - 1)
  }
}

/// Megapages by the order of their largest free run: a doubly linked free list
/// for each order from 0 to 9, and a bitmap of the lists that are not empty.
///
/// The heads of the free lists stand in front of the records: ten links.
struct MegapageFreeLists<Memory: WordMemory> {
  static var headsSize: UInt64 { 80 }

  let records: MegapageRecords<Memory>

  private let heads: UInt64
  private var nonEmpty: UInt64 = 0

  /// Chains without a megapage, in the memory from `base` on: the heads, then
  /// the records.
  init(in memory: Memory, at base: UInt64) {
    heads = base
    records = MegapageRecords(memory: memory, base: base + Self.headsSize)
  }

  /// A megapage with a free run of at least 2 to the power of `order` frames,
  /// and the order of the free list that it is in, or nil. Good fit: takes the
  /// first of the lowest order that suffices, so that large runs last.
  func megapage(ofAtLeast order: Int) -> (megapage: MegapageIndex, order: Int)?
  {
    let fitting = (nonEmpty >> UInt64(order)) << UInt64(order)
    let found = fitting.trailingZeroBitCount
    guard fitting != 0, let megapage = head(found) else { return nil }
    return (megapage, found)
  }

  /// Puts a megapage at the head of a free list.
  @inline(never)
  mutating func insert(_ megapage: MegapageIndex, order: Int) {
    let first = head(order)
    records.setNext(of: megapage, first)
    records.setPrevious(of: megapage, nil)
    if let first { records.setPrevious(of: first, megapage) }
    setHead(order, megapage)
  }

  /// Unlinks a megapage from its free list.
  @inline(never)
  mutating func remove(_ megapage: MegapageIndex, order: Int) {
    let next = records.next(of: megapage)
    let previous = records.previous(of: megapage)
    if let next { records.setPrevious(of: next, previous) }
    if let previous {
      records.setNext(of: previous, next)
    } else {
      setHead(order, next)
    }
  }

  /// The first megapage of a free list, or nil. A head is valid only while the
  /// list's bit in the bitmap is set: the memory is not cleared.
  private func head(_ order: Int) -> MegapageIndex? {
    guard nonEmpty & 1 << UInt64(order) != 0 else { return nil }
    return MegapageIndex(records.memory.load(heads + UInt64(order) * 8))
  }

  private mutating func setHead(_ order: Int, _ megapage: MegapageIndex?) {
    guard let megapage else {
      nonEmpty &= ~(1 << UInt64(order))
      return
    }
    nonEmpty |= 1 << UInt64(order)
    records.memory.store(UInt64(megapage), at: heads + UInt64(order) * 8)
  }
}
