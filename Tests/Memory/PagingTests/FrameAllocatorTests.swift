// SPDX-License-Identifier: BSD-3-Clause

import Hart
import TestSupport
import Testing

@testable import Paging

private let mebibyte: UInt64 = 1 << 20

@Suite struct FrameAllocatorTests {
  private typealias Allocator = FrameAllocator<SimulatedMemory>

  private func allocator(
    _ owned: consuming AddressRanges<SimulatedMemory>,
    in memory: SimulatedMemory = SimulatedMemory()
  ) throws -> Allocator {
    try FrameAllocator(of: owned, in: memory)
  }

  /// Opens megapages until the call succeeds, as the kernel does.
  private func take(
    _ count: UInt64, aligned alignment: UInt64 = 1,
    from allocator: inout Allocator
  ) throws -> FrameRun {
    while true {
      do {
        return try allocator.allocate(count: count, alignment: alignment)
      } catch FrameError.outOfFrames {
        guard let megapage = allocator.nextClosed() else {
          throw FrameError.outOfFrames
        }
        allocator.open(megapage)
      }
    }
  }

  @Test func `a start touches no memory, however much there is`() throws {
    for size: UInt64 in [64 << 20, 1 << 36] {
      let memory = SimulatedMemory()
      let allocator = try allocator(
        ranges(1 << 31..<1 << 31 + size), in: memory)
      #expect(memory.touchedWords == 0)
      #expect(allocator.openFrames == 0)
      #expect(allocator.freeFrames > size / Frame.size / 26000 * 25999)
    }
  }

  @Test func `whole megapages are opened first, then what is left`() throws {
    var one = try allocator(
      ranges(3 * mebibyte..<9 * mebibyte, 20 * mebibyte..<21 * mebibyte))
    var opened: [UInt64] = []
    while let megapage = one.nextClosed() {
      opened.append(megapage.lowerBound / mebibyte)
      one.open(megapage)
    }
    #expect(opened == [4, 6, 2, 8, 20])
    #expect(one.closedFrames == 0)
    // The records take the first frame of the first whole megapage.
    #expect(one.records == 4 * mebibyte..<4 * mebibyte + Frame.size)
    #expect(one.freeFrames == 7 * 256 - 1)
  }

  @Test func `runs are aligned and within one megapage`() throws {
    var one = try allocator(ranges(4 * mebibyte..<8 * mebibyte))
    let run = try take(5, from: &one)
    #expect(run.first.number % 8 == 0 && run.count == 5)
    let aligned = try take(3, aligned: 64, from: &one)
    #expect(aligned.first.number % 64 == 0)
    let single = try take(1, from: &one)
    #expect(!run.addresses.overlaps(single.addresses))
    #expect(!aligned.addresses.overlaps(single.addresses))
  }

  @Test func `a long run takes megapages side by side`() throws {
    var one = try allocator(ranges(4 * mebibyte..<64 * mebibyte))
    let long = try take(1500, from: &one)
    #expect(long.count == 1500)
    let aligned = try take(1024, aligned: 2048, from: &one)
    #expect(aligned.first.number % 2048 == 0)
    #expect(!long.addresses.overlaps(aligned.addresses))
    // What is left of its last megapage is still there for others.
    let before = one.freeFrames
    _ = try take(36, from: &one)
    #expect(one.freeFrames == before - 36)
    try one.release(long)
    check(try take(1500, from: &one).count == 1500)
  }

  @Test func `a run across a hole is not found`() throws {
    var one = try allocator(
      ranges(4 * mebibyte..<8 * mebibyte, 10 * mebibyte..<14 * mebibyte))
    #expect(throws: FrameError.outOfFrames) {
      try take(1025, from: &one)
    }
    check(try take(1024, from: &one).first.address == 10 * mebibyte)
  }

  @Test func `what is no run is refused`() throws {
    var one = try allocator(ranges(4 * mebibyte..<8 * mebibyte))
    for (count, alignment): (UInt64, UInt64) in [
      (0, 1), (1, 0), (1, 3), (.max, 1), (1, 1 << 63),
    ] {
      #expect(throws: FrameError.badRequest) {
        try one.allocate(count: count, alignment: alignment)
      }
    }
  }

  @Test func `a frame comes back once`() throws {
    var one = try allocator(ranges(4 * mebibyte..<8 * mebibyte))
    let run = try take(4, from: &one)
    try one.release(FrameRun(run.first + 1, count: 2))
    let before = one.freeFrames
    #expect(throws: FrameError.alreadyFree) { try one.release(run) }
    #expect(one.freeFrames == before)
    try one.release(FrameRun(run.first))
    try one.release(FrameRun(run.first + 3))
    #expect(throws: FrameError.alreadyFree) { try one.release(run) }
  }

  @Test func `frames of others are not taken`() throws {
    var one = try allocator(
      ranges(3 * mebibyte..<8 * mebibyte, 10 * mebibyte..<12 * mebibyte))
    _ = try take(1, from: &one)
    let foreign = [
      Frame(holding: 0), Frame(holding: 9 * mebibyte),
      Frame(holding: one.records.lowerBound),
      // Never handed out: its megapage is closed.
      Frame(holding: 10 * mebibyte), Frame(holding: 3 * mebibyte),
    ]
    for frame in foreign {
      #expect(throws: FrameError.foreign) { try one.release(FrameRun(frame)) }
    }
    let beyond = FrameRun(Frame(holding: 8 * mebibyte - Frame.size), count: 2)
    #expect(throws: FrameError.foreign) { try one.release(beyond) }
  }

  @Test func `no memory at all is an error`() {
    #expect(throws: FrameError.outOfFrames) {
      _ = try allocator(ranges())
    }
    #expect(throws: FrameError.outOfFrames) {
      // One frame each at 52 places: the records alone take two, side by side.
      var scattered = ranges()
      for place in 1...52 as ClosedRange<UInt64> {
        check(scattered.insert(place << 28..<place << 28 + Frame.size))
      }
      _ = try allocator(scattered)
    }
  }

  @Test func `memory without a whole megapage still does`() throws {
    var one = try allocator(ranges(0x1000..<0x9000))
    var count = 0
    while (try? take(1, from: &one)) != nil { count += 1 }
    #expect(count == 7)
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func `whatever is asked, no frame is given twice`(seed: UInt64) throws {
    var random = SeededNumbers(seed: seed)
    var one = try allocator(
      ranges(
        0x8_0000..<0x20_0000, 0x21_3000..<0xA0_0000,
        0x100_0000..<0x100_9000, 0x8000_0000..<0x8100_0000))
    let total = one.freeFrames
    var held: [FrameRun] = []
    var used = Set<UInt64>()
    for step in 0..<20_000 {
      if random.word(below: 100) < 55 {
        let order = random.word(below: 11)
        let count = 1 + random.word(below: 1 << order)
        let alignment = UInt64(1) << random.word(below: 5)
        guard let run = try? take(count, aligned: alignment, from: &one) else {
          continue
        }
        let numbers = run.first.number..<run.first.number + count
        #expect(run.first.number % alignment == 0)
        check(one.owned.contains(run.addresses))
        #expect(!one.records.overlaps(run.addresses))
        #expect(used.isDisjoint(with: numbers), "seed \(seed), step \(step)")
        used.formUnion(numbers)
        held.append(run)
      } else if !held.isEmpty {
        let run = held.remove(at: Int(random.word(below: UInt64(held.count))))
        try one.release(run)
        used.subtract(run.first.number..<run.first.number + run.count)
      }
      #expect(one.freeFrames == total - UInt64(used.count))
    }
    for run in held { try one.release(run) }
    #expect(one.freeFrames == total)
    check(try take(4096 - 512, from: &one).count == 4096 - 512)
  }
}
