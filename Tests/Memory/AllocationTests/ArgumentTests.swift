// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Allocation

@Suite struct `Any request` {
  let arena = Arena(200_000)

  private static let nonsense: [(size: UInt64, alignment: UInt64)] = [
    (UInt64.max, 16), (UInt64.max - 15, 16), (1 << 63, 16), (1 << 37, 16),
    (AllocationRequest.limit + 1, 1), (8, 0), (8, 3), (8, 48), (8, UInt64.max),
    (8, 1 << 63), (UInt64.max, UInt64.max), (UInt64.max - 8, 1 << 40),
  ]

  /// Makes no sense, or does not fit: nil either way, and nothing changes.
  private func expectRefusals<A: Allocator & ~Copyable>(
    of allocator: inout A, beside others: [(UInt64, UInt64)] = []
  ) throws {
    allocator.add(arena.memory)
    let block = try allocator.block(of: 100)
    let before = allocator.statistics
    for (size, alignment) in Self.nonsense + others {
      let found = allocator.allocate(size: size, alignment: alignment)
      #expect(found == nil, "\(size) bytes, alignment \(alignment)")
    }
    let isLonger = allocator.resize(block, to: UInt64.max)
    #expect(!isLonger)
    var after = allocator.statistics
    // What makes no sense gets no further than AllocationRequest.
    #expect(after.failures == UInt64(others.count))
    after.failures = 0
    #expect(after == before)
  }

  @Test func `is checked by a region`() throws {
    var allocator = RegionAllocator()
    try expectRefusals(of: &allocator, beside: [(8, 1 << 30), (200_000, 16)])
  }

  @Test func `is checked by buddies`() throws {
    var allocator = BuddyAllocator()
    try expectRefusals(of: &allocator, beside: [(8, 1 << 30), (200_000, 16)])
  }

  @Test func `is checked by a pool`() throws {
    var allocator = PoolAllocator<100>()
    try expectRefusals(of: &allocator, beside: [(113, 16), (8, 32)])
  }

  @Test func `is checked by TLSF`() throws {
    var allocator = TLSFAllocator()
    try expectRefusals(of: &allocator, beside: [(8, 1 << 30), (200_000, 16)])
  }

  @Test func `is checked by quick lists`() throws {
    var allocator = QuickLists<TLSFAllocator>()
    try expectRefusals(of: &allocator, beside: [(8, 1 << 30), (200_000, 16)])
  }

  @Test func `is checked by the checks`() throws {
    var allocator = DebugAllocator<TLSFAllocator, RecordingWitness>()
    try expectRefusals(of: &allocator, beside: [(8, 1 << 30), (200_000, 16)])
  }

  @Test func `of no bytes gets a block of its own`() throws {
    var allocator = TLSFAllocator()
    allocator.add(arena.memory)
    let first = try allocator.block(of: 0)
    let second = try allocator.block(of: 0)
    #expect(first != second)
    #expect(allocator.size(of: first) >= 1)
  }

  @Test func `finds nothing before there is memory`() {
    var region = RegionAllocator()
    var buddy = BuddyAllocator()
    var pool = PoolAllocator<64>()
    var tlsf = TLSFAllocator()
    var quick = QuickLists<TLSFAllocator>()
    let found = [
      region.allocate(size: 1), buddy.allocate(size: 1),
      pool.allocate(size: 1), tlsf.allocate(size: 1), quick.allocate(size: 1),
    ]
    #expect(found == [nil, nil, nil, nil, nil])
    #expect(buddy.statistics.bytesFree == 0)
    #expect(tlsf.statistics.fragmentation == 0)
    #expect(quick.statistics.failures == 1)
  }

  /// Memory as an allocator may be given it: at any address, of any size.
  @Test(arguments: 0..<400 as Range<UInt64>)
  func `finds nothing outside of a small memory`(size: UInt64) throws {
    let arena = Arena(5000)
    defer { extendLifetime(arena) }
    for skip in [0, 1, 15, 16] as [UInt64] {
      let part = skip..<(skip + size * (size < 200 ? 1 : 12))
      func drain<A: Allocator & ~Copyable>(_ allocator: consuming A) throws {
        allocator.add(arena.memory(part))
        let end = arena.addresses.lowerBound + part.upperBound
        while let block = allocator.allocate(size: 8) {
          #expect(block >= arena.addresses.lowerBound + part.lowerBound)
          #expect(block + allocator.size(of: block) <= end)
        }
        #expect(allocator.statistics.bytesFree < 48)
      }
      try drain(RegionAllocator())
      try drain(BuddyAllocator())
      try drain(PoolAllocator<16>())
      try drain(TLSFAllocator())
    }
  }

  @Test func `is met by memory at the end of all addresses, or refused`() {
    // The memory is not there: what is too small must not be touched.
    var allocator = TLSFAllocator()
    let top = UInt64.max
    unsafe allocator.add(FreeMemory(addresses: top - 20..<top))
    unsafe allocator.add(FreeMemory(addresses: 0..<16))
    unsafe allocator.add(FreeMemory(addresses: 100..<100))
    #expect(allocator.statistics.bytesManaged == 0)
  }
}

@Suite struct `Particular to` {
  let arena = Arena(1 << 20, alignment: 1 << 20)

  @Test func `a region: reverse order gives all back`() throws {
    var region = RegionAllocator()
    region.add(arena.memory)
    let first = try region.block(of: 100)
    let second = try region.block(of: 100)
    region.release(second)
    let third = try region.block(of: 50)
    #expect(third == second)
    let isLonger = region.resize(third, to: 5000)
    #expect(isLonger)
    let isFirstLonger = region.resize(first, to: 5000)
    #expect(!isFirstLonger)
    region.releaseAll()
    #expect(region.statistics.liveBlocks == 0)
    let fourth = try region.block(of: 1)
    #expect(fourth == first)
  }

  @Test func `buddies: a block is aligned to its size`() throws {
    var buddies = BuddyAllocator()
    buddies.add(arena.memory)
    for size in [33, 64, 1025, 40_000] as [UInt64] {
      let block = try buddies.block(of: size)
      let usable = buddies.size(of: block)
      #expect(usable.nonzeroBitCount == 1)
      #expect(usable >= size && usable < 2 * size)
      #expect(block % usable == 0)
    }
  }

  @Test func `a pool: the slot that came back last goes first`() throws {
    var pool = PoolAllocator<64>()
    pool.add(arena.memory)
    let first = try pool.block(of: 64)
    let second = try pool.block(of: 1)
    #expect(second == first + 64)
    pool.release(first)
    pool.release(second)
    let third = try pool.block(of: 10)
    #expect(third == second)
  }

  @Test func `TLSF: growing where it lies`() throws {
    var tlsf = TLSFAllocator()
    tlsf.add(arena.memory)
    let block = try tlsf.block(of: 100)
    let isLonger = tlsf.resize(block, to: 100_000)
    #expect(isLonger)
    _ = try tlsf.block(of: 100)
    let isStillLonger = tlsf.resize(block, to: 200_000)
    #expect(!isStillLonger)
    let isShorter = tlsf.resize(block, to: 10)
    #expect(isShorter)
    #expect(tlsf.size(of: block) == 24)
  }

  @Test(arguments: [32, 4096, 1 << 16, 1 << 18] as [UInt64])
  func `TLSF: alignments`(alignment: UInt64) throws {
    var tlsf = TLSFAllocator()
    tlsf.add(arena.memory)
    let fresh = tlsf.statistics.bytesFree
    for _ in 0..<2 {
      let block = try tlsf.block(of: 40, alignment: alignment)
      #expect(block % alignment == 0)
      let other = try tlsf.block(of: 40, alignment: alignment)
      #expect(other % alignment == 0 && other != block)
      tlsf.release(block)
      tlsf.release(other)
    }
    #expect(tlsf.statistics.bytesFree == fresh)
  }

  @Test func `quick lists: a block comes back at once, up to a limit`() throws {
    var quick = QuickLists<TLSFAllocator>()
    quick.add(arena.memory)
    var blocks: [UInt64] = []
    for _ in 0..<20 { blocks.append(try quick.block(of: 64)) }
    let none = quick.allocateAtOnce(size: 64, alignment: 16)
    #expect(none == nil)
    let kept = blocks.map { quick.releaseAtOnce($0) }
    #expect(kept.filter(\.self).count == 15)
    let again = quick.allocateAtOnce(size: 60, alignment: 16)
    #expect(again == blocks[14])
    let other = quick.allocateAtOnce(size: 80, alignment: 16)
    #expect(other == nil)
    let aligned = quick.allocateAtOnce(size: 60, alignment: 32)
    #expect(aligned == nil)
  }

  @Test func `quick lists: a small slot is not for a large request`() throws {
    // Each slot is as large as the lists themselves.
    var quick = QuickLists<PoolAllocator<544>>()
    quick.add(arena.memory)
    let block = try quick.block(of: 64)
    let isKept = quick.releaseAtOnce(block)
    #expect(isKept)
    for size in [545, 600, 5000, UInt64.max] {
      let none = quick.allocateAtOnce(size: size, alignment: 16)
      #expect(none == nil)
    }
    let again = quick.allocateAtOnce(size: 544, alignment: 16)
    #expect(again == block)
  }

  @Test func `quick lists: a large block waits in its place`() throws {
    var quick = QuickLists<TLSFAllocator>()
    quick.add(arena.memory)
    let block = try quick.block(of: 4096)
    // Another size with the same place.
    let other = try quick.block(of: 4096 + 256)
    let isKept = quick.releaseAtOnce(block)
    let isOtherKept = quick.releaseAtOnce(other)
    #expect(isKept && !isOtherKept)
    let none = quick.allocateAtOnce(size: 4096 + 256, alignment: 16)
    #expect(none == nil)
    quick.release(other)
    let again = quick.allocateAtOnce(size: 4096 + 250, alignment: 16)
    #expect(again == other)
  }

  @Test func `quick lists: what waits is given back before a refusal`() throws {
    var quick = QuickLists<TLSFAllocator>()
    quick.add(arena.memory)
    var blocks: [UInt64] = []
    while let block = quick.allocate(size: 500) { blocks.append(block) }
    for block in blocks { quick.release(block) }
    let whole = quick.statistics.bytesFree * 9 / 10
    let block = quick.allocate(size: whole)
    #expect(block != nil)
  }
}
