// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Allocation

/// Other seeds: SWIFTKRAFT_SEED=n swift test --filter AllocationTests
let seeds: [UInt64] =
  ProcessInfo.processInfo.environment["SWIFTKRAFT_SEED"].flatMap(UInt64.init)
  .map { [$0] } ?? Array(1...12)

@Suite struct `Random calls` {
  let first = Arena(100_000, alignment: 16)
  let second = Arena(60_000, alignment: 65536)

  /// Runs a trace on two segments, and releases everything.
  private func exercise<A: Allocator & ~Copyable>(
    _ allocator: inout A, seed: UInt64, steps: Int = 4000,
    prepare: (inout Trace) -> Void = { _ in }
  ) throws -> Statistics {
    allocator.add(first.memory)
    allocator.add(second.memory)
    let fresh = allocator.statistics
    var trace = Trace(
      seed: seed, segments: [first.addresses, second.addresses])
    prepare(&trace)
    try trace.run(&allocator, steps: steps)
    #expect(trace.allocations > 100, "seed \(seed) tests nothing")
    try trace.releaseAll(&allocator)
    return fresh
  }

  @Test(arguments: seeds)
  func `a region keeps its promises`(seed: UInt64) throws {
    var allocator = RegionAllocator()
    let fresh = try exercise(&allocator, seed: seed)
    #expect(allocator.statistics.bytesFree == fresh.bytesFree)
    #expect(allocator.statistics.largestFreeBlock == fresh.largestFreeBlock)
  }

  @Test(arguments: seeds)
  func `buddies keep their promises and merge again`(seed: UInt64) throws {
    var allocator = BuddyAllocator()
    let fresh = try exercise(&allocator, seed: seed)
    #expect(allocator.statistics.bytesFree == fresh.bytesFree)
    #expect(allocator.statistics.largestFreeBlock == fresh.largestFreeBlock)
  }

  @Test(arguments: seeds)
  func `a pool keeps its promises`(seed: UInt64) throws {
    var allocator = PoolAllocator<200>()
    let fresh = try exercise(&allocator, seed: seed) {
      $0.largestSize = 250
      $0.largestAlignment = 32
    }
    #expect(allocator.statistics.bytesFree == fresh.bytesFree)
  }

  @Test(arguments: seeds)
  func `TLSF keeps its promises and merges again`(seed: UInt64) throws {
    var allocator = TLSFAllocator()
    let fresh = try exercise(&allocator, seed: seed)
    #expect(allocator.statistics.bytesFree == fresh.bytesFree)
    #expect(allocator.statistics.largestFreeBlock == fresh.largestFreeBlock)
  }

  @Test(arguments: seeds)
  func `TLSF merges all of one memory into one block`(seed: UInt64) throws {
    let arena = Arena(200_000)
    defer { extendLifetime(arena) }
    var allocator = TLSFAllocator()
    // Three pieces, each behind the one before.
    allocator.add(arena.memory(0..<50_000))
    allocator.add(arena.memory(50_000..<50_064))
    allocator.add(arena.memory(50_064..<200_000))
    var trace = Trace(seed: seed, segments: [arena.addresses])
    trace.largestSize = 60_000
    try trace.run(&allocator, steps: 2000)
    try trace.releaseAll(&allocator)
    let rest = allocator.statistics
    #expect(rest.fragmentation == 0)
    #expect(rest.bytesFree == 200_000 - SizeClasses.tableSize - 16 - 8)
  }

  @Test(arguments: seeds)
  func `quick lists keep their base's promises`(seed: UInt64) throws {
    var allocator = QuickLists<TLSFAllocator>()
    _ = try exercise(&allocator, seed: seed) { $0.peakIsExact = false }
    allocator.flush()
    #expect(allocator.statistics.bytesInUse == 0)
    // One block is left: the lists themselves.
    let free = allocator.statistics.bytesFree
    var bare = TLSFAllocator()
    bare.add(first.memory)
    bare.add(second.memory)
    _ = try bare.block(of: 544)
    #expect(free == bare.statistics.bytesFree)
  }

  @Test(arguments: seeds)
  func `quick lists work in front of buddies, too`(seed: UInt64) throws {
    var allocator = QuickLists<BuddyAllocator>()
    _ = try exercise(&allocator, seed: seed) { $0.peakIsExact = false }
    allocator.flush()
    #expect(allocator.statistics.bytesFree > 100_000)
  }

  @Test(arguments: seeds)
  func `checks find nothing where nothing is wrong`(seed: UInt64) throws {
    var allocator = DebugAllocator<
      QuickLists<TLSFAllocator>, RecordingWitness
    >()
    _ = try exercise(&allocator, seed: seed)
    allocator.check()
    let faults = allocator.withObserver { $0.faults }
    #expect(faults == [])
  }

  @Test(arguments: seeds)
  func `a model would notice an allocator that is wrong`(seed: UInt64) {
    var allocator = Overlapping()
    #expect(throws: Violation.self) {
      _ = try exercise(&allocator, seed: seed)
    }
  }
}

/// An allocator with a mistake: now and then it hands out a block twice.
private struct Overlapping: ~Copyable, Allocator {
  private var base = TLSFAllocator()
  private var count = 0
  private var last: UInt64 = 0

  init() {}

  mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    count += 1
    if count % 100 == 0, request.size < 16 { return last }
    guard let block = base.allocate(request) else {
      return nil
    }
    last = block
    return block
  }

  mutating func release(_ address: UInt64) {
    if address == last { last = 0 }
    base.release(address)
  }

  func size(of address: UInt64) -> UInt64 { base.size(of: address) }
  func usableSize(for size: UInt64) -> UInt64 { base.usableSize(for: size) }
  func memoryNeeded(for request: AllocationRequest) -> UInt64? { nil }
  mutating func add(_ memory: consuming FreeMemory) { base.add(memory) }
  var statistics: Statistics { base.statistics }
}
