// SPDX-License-Identifier: BSD-3-Clause

import TestSupport

@testable import Allocation

/// Something an allocator did that it must not do.
struct Violation: Error, CustomStringConvertible {
  let what: String
  let seed: UInt64
  let step: Int

  var description: String { "\(what), at step \(step) of seed \(seed)" }
}

/// A random sequence of calls, each compared with a model: a list of the blocks
/// that are in use, and the byte that each is filled with.
struct Trace {
  struct Block {
    let address: UInt64
    var size: UInt64
    let byte: UInt8
  }

  let seed: UInt64
  /// Where blocks may lie.
  let segments: [Range<UInt64>]
  var largestSize: UInt64 = 2000
  var largestAlignment: UInt64 = 1024
  /// Whether the peak counts only what the program has in use.
  var peakIsExact = true

  private(set) var blocks: [Block] = []
  private(set) var allocations: UInt64 = 0
  private(set) var failures: UInt64 = 0
  private var peak: UInt64 = 0
  private var step = 0
  private var random: SeededNumbers

  init(seed: UInt64, segments: [Range<UInt64>]) {
    self.seed = seed
    self.segments = segments
    random = SeededNumbers(seed: seed)
  }

  private func check(_ isTrue: Bool, _ what: @autoclosure () -> String) throws {
    guard !isTrue else { return }
    throw Violation(what: what(), seed: seed, step: step)
  }

  private var bytesInUse: UInt64 { blocks.reduce(0) { $0 + $1.size } }

  /// Runs `steps` calls.
  mutating func run<A: Allocator & ~Copyable>(
    _ allocator: inout A, steps: Int
  ) throws {
    for _ in 0..<steps {
      step += 1
      switch random.word(below: 16) {
      case 0..<9: try allocate(&allocator)
      case 9: try resize(&allocator)
      default: try release(&allocator)
      }
      if step % 64 == 0 { try compare(allocator.statistics) }
    }
    try compare(allocator.statistics)
  }

  /// Releases everything, in random order.
  mutating func releaseAll<A: Allocator & ~Copyable>(
    _ allocator: inout A
  ) throws {
    while !blocks.isEmpty { try release(&allocator) }
    try compare(allocator.statistics)
  }

  private mutating func allocate<A: Allocator & ~Copyable>(
    _ allocator: inout A
  ) throws {
    // Every doubling of the size as often as the others.
    let bits = UInt64(64 - largestSize.leadingZeroBitCount)
    let size = min(
      random.word(below: 1 << (1 + random.word(below: bits))), largestSize)
    var alignment: UInt64 = 1 << random.word(below: 5)
    if random.word(below: 8) == 0 {
      let bits = UInt64(largestAlignment.trailingZeroBitCount)
      alignment = 1 << random.word(below: bits + 1)
    }
    guard let address = allocator.allocate(size: size, alignment: alignment)
    else {
      failures += 1
      return
    }
    allocations += 1
    let usable = allocator.size(of: address)
    let block = Block(
      address: address, size: usable,
      byte: UInt8(truncatingIfNeeded: random.next()))
    try check(address % alignment == 0, "\(address) is no \(alignment)")
    try check(usable >= size, "\(usable) bytes for \(size)")
    try checkPlace(block)
    RawMemory.fill(address..<(address + usable), with: block.byte)
    insert(block)
    peak = max(peak, bytesInUse)
  }

  private func position(of address: UInt64) -> Int {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].address < address {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  private mutating func insert(_ block: Block) {
    blocks.insert(block, at: position(of: block.address))
  }

  private func checkPlace(_ block: Block) throws {
    let end = block.address + block.size
    try check(
      segments.contains {
        block.address >= $0.lowerBound && end <= $0.upperBound
      }, "\(block.address) is outside of the memory")
    let position = position(of: block.address)
    if position < blocks.count {
      try check(end <= blocks[position].address, "overlaps the block behind")
    }
    if position > 0 {
      let before = blocks[position - 1]
      try check(
        before.address + before.size <= block.address,
        "overlaps the block before")
    }
  }

  private func checkBytes(_ block: Block, count: UInt64) throws {
    let other = RawMemory.firstOther(
      than: block.byte, in: block.address..<(block.address + count))
    try check(other == nil, "somebody wrote into \(block)")
  }

  private mutating func resize<A: Allocator & ~Copyable>(
    _ allocator: inout A
  ) throws {
    guard !blocks.isEmpty else { return }
    let index = Int(random.word(below: UInt64(blocks.count)))
    let old = blocks[index]
    let size = random.word(below: largestSize)
    let isDone = allocator.resize(old.address, to: size)
    let new = allocator.size(of: old.address)
    try check(isDone || new == old.size, "a refusal changed the size")
    try check(!isDone || new >= size, "\(new) bytes for \(size)")
    try checkBytes(old, count: min(old.size, new))
    blocks.remove(at: index)
    let block = Block(address: old.address, size: new, byte: old.byte)
    try checkPlace(block)
    RawMemory.fill(block.address..<(block.address + new), with: block.byte)
    insert(block)
    peak = max(peak, bytesInUse)
  }

  private mutating func release<A: Allocator & ~Copyable>(
    _ allocator: inout A
  ) throws {
    guard !blocks.isEmpty else { return }
    let block = blocks.remove(at: Int(random.word(below: UInt64(blocks.count))))
    try checkBytes(block, count: block.size)
    if !allocator.releaseAtOnce(block.address) {
      allocator.release(block.address)
    }
  }

  private func compare(_ found: Statistics) throws {
    try check(
      found.bytesInUse == bytesInUse,
      "\(found.bytesInUse) bytes in use, not \(bytesInUse)")
    try check(found.liveBlocks == UInt64(blocks.count), "wrong live blocks")
    try check(found.allocations == allocations, "wrong allocations")
    try check(found.failures == failures, "wrong failures")
    try check(
      peakIsExact ? found.peakBytesInUse == peak : found.peakBytesInUse >= peak,
      "a peak of \(found.peakBytesInUse), not \(peak)")
    try check(
      found.largestFreeBlock <= found.bytesFree, "more than everything")
    try check(
      found.bytesFree + found.bytesInUse <= found.bytesManaged,
      "more than was added")
  }
}
