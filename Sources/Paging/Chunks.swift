// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Where a chunk's record stands among all records.
typealias ChunkIndex = Int

/// Two megabytes of physical memory at a multiple of their size: as much as one
/// 2 MiB page maps. Frames are found by first finding their chunk.
enum Chunk {
  static var size: UInt64 { UInt64(FrameBits.count) * Frame.size }
}

/// The records of all chunks, in memory that was set aside for them:
///
///     ┌─────────────────────────────┬──────┬──────────┐
///     │ 512 bits: 1 = frame is free │ next │ previous │  80 bytes
///     └─────────────────────────────┴──────┴──────────┘
///
/// The links join chunks whose largest free run is of the same size. A link
/// holds an index plus one, and 0 at the end.
struct ChunkRecords<Memory: WordMemory> {
  static var recordSize: UInt64 { 80 }

  let memory: Memory
  let base: UInt64

  @inline(never)
  func bits(of chunk: ChunkIndex) -> FrameBits {
    let record = address(of: chunk)
    return FrameBits {
      memory.load(record &+ UInt64(truncatingIfNeeded: $0) &* 8)
    }
  }

  @inline(never)
  func setBits(of chunk: ChunkIndex, _ bits: FrameBits) {
    let record = address(of: chunk)
    for index in 0..<8 {
      let place = record &+ UInt64(truncatingIfNeeded: index) &* 8
      memory.store(bits[word: index], at: place)
    }
  }

  func next(of chunk: ChunkIndex) -> ChunkIndex? {
    Self.index(memory.load(address(of: chunk) &+ 64))
  }

  func setNext(of chunk: ChunkIndex, _ next: ChunkIndex?) {
    memory.store(Self.link(next), at: address(of: chunk) &+ 64)
  }

  func previous(of chunk: ChunkIndex) -> ChunkIndex? {
    Self.index(memory.load(address(of: chunk) &+ 72))
  }

  func setPrevious(of chunk: ChunkIndex, _ previous: ChunkIndex?) {
    memory.store(Self.link(previous), at: address(of: chunk) &+ 72)
  }

  /// Where a chunk's record is. It was set aside, so no sum overflows.
  private func address(of chunk: ChunkIndex) -> UInt64 {
    base &+ UInt64(truncatingIfNeeded: chunk) &* Self.recordSize
  }

  private static func link(_ chunk: ChunkIndex?) -> UInt64 {
    chunk.map { UInt64($0) + 1 } ?? 0
  }

  private static func index(_ link: UInt64) -> ChunkIndex? {
    link == 0 ? nil : ChunkIndex(link - 1)
  }
}

/// Chunks by the order of their largest free run: one chain for each order
/// from 0 to 9, and a bit for each chain that is not empty.
///
/// The heads of the chains stand in front of the records: ten links.
struct ChunkChains<Memory: WordMemory> {
  static var headsSize: UInt64 { 80 }

  let records: ChunkRecords<Memory>

  private let heads: UInt64
  private var nonEmpty: UInt64 = 0

  /// Chains without a chunk, in the memory from `base` on: the heads, then the
  /// records.
  init(in memory: Memory, at base: UInt64) {
    heads = base
    records = ChunkRecords(memory: memory, base: base + Self.headsSize)
  }

  /// A chunk with a free run of at least 2 to the power of `order` frames and
  /// the chain that it stands in, or nil. Prefers the one that fits most
  /// tightly, so that large runs last.
  func chunk(ofAtLeast order: Int) -> (chunk: ChunkIndex, order: Int)? {
    let fitting = (nonEmpty >> UInt64(order)) << UInt64(order)
    let found = fitting.trailingZeroBitCount
    guard fitting != 0, let chunk = head(found) else { return nil }
    return (chunk, found)
  }

  /// Puts a chunk in front of its chain.
  @inline(never)
  mutating func insert(_ chunk: ChunkIndex, order: Int) {
    let first = head(order)
    records.setNext(of: chunk, first)
    records.setPrevious(of: chunk, nil)
    if let first { records.setPrevious(of: first, chunk) }
    setHead(order, chunk)
  }

  /// Takes a chunk out of its chain.
  @inline(never)
  mutating func remove(_ chunk: ChunkIndex, order: Int) {
    let next = records.next(of: chunk)
    let previous = records.previous(of: chunk)
    if let next { records.setPrevious(of: next, previous) }
    if let previous {
      records.setNext(of: previous, next)
    } else {
      setHead(order, next)
    }
  }

  /// What a head holds means something only while its bit is set: the memory
  /// is not cleared.
  private func head(_ order: Int) -> ChunkIndex? {
    guard nonEmpty & 1 << UInt64(order) != 0 else { return nil }
    return ChunkIndex(records.memory.load(heads + UInt64(order) * 8))
  }

  private mutating func setHead(_ order: Int, _ chunk: ChunkIndex?) {
    guard let chunk else {
      nonEmpty &= ~(1 << UInt64(order))
      return
    }
    nonEmpty |= 1 << UInt64(order)
    records.memory.store(UInt64(chunk), at: heads + UInt64(order) * 8)
  }
}
