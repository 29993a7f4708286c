// SPDX-License-Identifier: BSD-3-Clause

import Hart
import TestSupport
import Testing

@testable import Allocation

/// A source of memory for a test, which counts what it is asked for, and
/// refuses as the test wants.
struct ScriptedSource: MemorySource {
  final class Log {
    var requests: [UInt64] = []
    var interruptsWereEnabled: [Bool] = []
    var arenas: [Arena] = []
    /// The number of the request that is refused, from 0 up.
    var refused: Int?
    /// Requests over this many bytes are refused.
    var limit = UInt64.max
    /// All that it ever gives.
    var left = 4_000_000
  }

  let log = Log()

  mutating func memory(atLeast bytes: UInt64) -> FreeMemory? {
    log.requests.append(bytes)
    log.interruptsWereEnabled.append(Hart.interruptsEnabled)
    guard log.refused != log.requests.count - 1, bytes <= log.limit,
      bytes <= log.left
    else { return nil }
    log.left -= Int(bytes)
    let arena = Arena(Int(bytes), alignment: 16)
    log.arenas.append(arena)
    return arena.memory
  }
}

/// TLSF that refuses one request of the test's choice.
struct Moody: ~Copyable, Allocator {
  @TaskLocal static var refused = -1

  private var base = TLSFAllocator()
  private var count = 0

  init() {}

  mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    count += 1
    guard count - 1 != Self.refused else { return nil }
    return base.allocate(request)
  }

  mutating func release(_ address: UInt64) { base.release(address) }
  func size(of address: UInt64) -> UInt64 { base.size(of: address) }
  func usableSize(for size: UInt64) -> UInt64 { base.usableSize(for: size) }

  func memoryNeeded(for request: AllocationRequest) -> UInt64? {
    base.memoryNeeded(for: request)
  }

  mutating func add(_ memory: consuming FreeMemory) { base.add(memory) }
  var statistics: Statistics { base.statistics }
}

@Suite(.ownHart) struct `A heap` {
  /// The sizes for which any allocator must find room in fresh memory of the
  /// size that it has named.
  static let requests: [(UInt64, UInt64)] = [
    (1, 1), (64, 16), (4096, 4096), (65_535, 16), (65_536, 65_536),
    (100_000, 64), (300_000, 16), (1, 131_072), (33, 32),
  ]

  private func serves<A: Allocator & ~Copyable>(
    _ type: A.Type, _ size: UInt64, _ alignment: UInt64
  ) -> Bool where A: ~Copyable {
    let source = ScriptedSource()
    var heap = Heap<A, ScriptedSource>(source: source)
    let block = heap.allocate(size: size, alignment: alignment)
    return block.map { $0 % alignment == 0 } ?? false
      && source.log.requests.count == 1 && source.log.requests[0] >= 65_536
  }

  @Test(arguments: requests)
  func `asks once for as much as it needs`(size: UInt64, alignment: UInt64) {
    #expect(serves(TLSFAllocator.self, size, alignment))
    #expect(serves(QuickLists<TLSFAllocator>.self, size, alignment))
    #expect(serves(BuddyAllocator.self, size, alignment))
    #expect(serves(RegionAllocator.self, size, alignment))
    #expect(
      serves(
        DebugAllocator<TLSFAllocator, RecordingWitness>.self, size, alignment))
  }

  @Test func `asks for less if there is not so much`() {
    let source = ScriptedSource()
    source.log.limit = 10_000
    var heap = Heap<TLSFAllocator, _>(source: source)
    let block = heap.allocate(size: 100, alignment: 16)
    #expect(block != nil)
    #expect(source.log.requests.count == 2)
    let none = heap.allocate(size: 20_000, alignment: 16)
    #expect(none == nil)
  }

  @Test func `does not ask for what makes no sense`() {
    let source = ScriptedSource()
    var heap = Heap<TLSFAllocator, _>(source: source)
    let none = heap.allocate(size: .max, alignment: 16)
    #expect(none == nil)
    #expect(source.log.requests == [])
  }

  @Test func `works with interrupts off, and leaves them as they were`() {
    let hart = SimulatedHart()
    hart.run {
      let source = ScriptedSource()
      var heap = Heap<TLSFAllocator, _>(source: source)
      for isOn in [true, false] {
        if isOn { Hart.enableInterrupts() } else { Hart.disableInterrupts() }
        source.log.refused = nil
        let block = heap.allocate(size: 100_000, alignment: 16)
        #expect(Hart.interruptsEnabled == isOn)
        heap.release(block ?? 0)
        #expect(Hart.interruptsEnabled == isOn)
        let none = heap.allocate(size: 8_000_000, alignment: 16)
        #expect(none == nil)
        #expect(Hart.interruptsEnabled == isOn)
      }
      #expect(!source.log.interruptsWereEnabled.isEmpty)
      #expect(!source.log.interruptsWereEnabled.contains(true))
    }
  }

  @Test func `tells what its source has given`() throws {
    let source = ScriptedSource()
    var heap = Heap<QuickLists<TLSFAllocator>, _>(source: source)
    let found = heap.allocate(size: 100, alignment: 16)
    let block = try #require(found)
    #expect(heap.statistics.bytesManaged == 65_536)
    #expect(heap.size(of: block) == 104)
    let isLonger = heap.resize(block, to: 1000)
    #expect(isLonger)
    #expect(heap.statistics.bytesInUse == 1000)
    heap.release(block)
    #expect(heap.statistics.liveBlocks == 0)
  }

  /// Runs the same calls with each request to the source refused in turn.
  private func survives<A: Allocator & ~Copyable>(
    _ type: A.Type, refusals: Range<Int>
  ) throws where A: ~Copyable {
    for refused in refusals {
      let source = ScriptedSource()
      source.log.refused = refused
      var heap = Heap<A, ScriptedSource>(source: source)
      var blocks: [UInt64] = []
      var refusals = 0
      for size in stride(from: 10 as UInt64, to: 30_000, by: 500) {
        guard let block = heap.allocate(size: size, alignment: 16) else {
          refusals += 1
          continue
        }
        RawMemory.fill(block..<(block + size), with: 0xFF)
        blocks.append(block)
      }
      #expect(blocks.count + refusals == 60)
      #expect(heap.statistics.liveBlocks == UInt64(blocks.count))
      for block in blocks { heap.release(block) }
      #expect(heap.statistics.bytesInUse == 0)
      #expect(source.log.requests.count > refused)
    }
  }

  @Test func `survives each refusal of its source`() throws {
    try survives(TLSFAllocator.self, refusals: 0..<6)
    try survives(QuickLists<TLSFAllocator>.self, refusals: 0..<6)
    try survives(BuddyAllocator.self, refusals: 0..<6)
    try survives(RegionAllocator.self, refusals: 0..<6)
    try survives(
      DebugAllocator<QuickLists<TLSFAllocator>, RecordingWitness>.self,
      refusals: 0..<6)
  }

  @Test(arguments: 0..<40)
  func `survives each refusal below quick lists and checks`(
    refused: Int
  ) throws {
    try Moody.$refused.withValue(refused) {
      let arena = Arena(100_000)
      defer { extendLifetime(arena) }
      var allocator = DebugAllocator<QuickLists<Moody>, RecordingWitness>()
      allocator.add(arena.memory)
      var trace = Trace(seed: 7, segments: [arena.addresses])
      try trace.run(&allocator, steps: 300)
      try trace.releaseAll(&allocator)
      let faults = allocator.withObserver { $0.faults }
      #expect(faults == [])
      // The lists ask again when what waits has been given back.
      #expect(trace.failures <= 1)
    }
  }

  @Test func `has room for as much as fits, and for no more`() throws {
    let source = ScriptedSource()
    source.log.left = 200_000
    var heap = Heap<QuickLists<TLSFAllocator>, _>(source: source)
    var blocks: [UInt64] = []
    while let block = heap.allocate(size: 1000, alignment: 16) {
      blocks.append(block)
    }
    #expect(blocks.count > 180 && blocks.count < 200)
    #expect(heap.statistics.failures > 0)
    for block in blocks { heap.release(block) }
    for _ in blocks {
      let block = heap.allocate(size: 1000, alignment: 16)
      #expect(block != nil)
    }
  }
}
