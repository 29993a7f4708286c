// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Allocation

/// A observer that writes down what it is told. Its calls are numbers of the
/// test's choice.
struct RecordingWitness: HeapObserver {
  var calls: [UInt64] = []
  private(set) var faults: [HeapFault] = []
  private(set) var allocatedAt: [[UInt64]] = []
  private(set) var releasedAt: [[UInt64]] = []

  init() {}

  func callers(_ visit: (UInt64) -> Void) { calls.forEach(visit) }

  mutating func report(_ fault: HeapFault, _ block: BlockRecord) {
    faults.append(fault)
    guard fault != .notABlock else { return }
    allocatedAt.append(Self.list(block.allocatedAt))
    releasedAt.append(Self.list(block.releasedAt))
  }

  static func list(_ calls: BlockRecord.Calls) -> [UInt64] {
    var list: [UInt64] = []
    calls.forEach { list.append($0) }
    return list
  }
}

@Suite struct `Checks find` {
  typealias Subject = DebugAllocator<TLSFAllocator, RecordingWitness>

  let arena = Arena(100_000)

  private func subject(calls: [UInt64] = []) -> Subject {
    var subject = Subject()
    subject.add(arena.memory)
    subject.withObserver { $0.calls = calls }
    return subject
  }

  /// What the observer has seen.
  private func observer(_ subject: inout Subject) -> RecordingWitness {
    subject.withObserver { $0 }
  }

  @Test(arguments: [1, 13, 16, 100] as [UInt64])
  func `a byte written behind a block`(size: UInt64) throws {
    var subject = subject()
    let block = try subject.block(of: size)
    RawMemory[byte: block + size] = 0
    subject.check()
    #expect(observer(&subject).faults == [.writtenBehind(block + size)])
    subject.release(block)
    #expect(observer(&subject).faults.count == 2)
  }

  @Test func `a byte written before a block`() throws {
    var subject = subject()
    let block = try subject.block(of: 40)
    RawMemory[byte: block - 1] = 0
    subject.release(block)
    #expect(observer(&subject).faults == [.writtenBefore(block - 1)])
  }

  @Test func `a block that is released twice, and who did it`() throws {
    var subject = subject(calls: [11, 12])
    let block = try subject.block(of: 40)
    subject.withObserver { $0.calls = [21] }
    subject.release(block)
    subject.release(block)
    #expect(observer(&subject).faults == [.releasedTwice])
    #expect(observer(&subject).allocatedAt == [[11, 12]])
    #expect(observer(&subject).releasedAt == [[21]])
    #expect(subject.statistics.liveBlocks == 0)
  }

  @Test func `what is no block`() throws {
    var subject = subject()
    let block = try subject.block(of: 400)
    let strangers = [0, 8, 0x8000_0000, block + 8, block + 208, UInt64.max]
    for stranger in strangers { subject.release(stranger) }
    #expect(
      observer(&subject).faults
        == Array(repeating: .notABlock, count: strangers.count))
    #expect(subject.statistics.liveBlocks == 1)
  }

  @Test func `a block that is resized after its release`() throws {
    var subject = subject()
    let block = try subject.block(of: 40)
    subject.release(block)
    let isDone = subject.resize(block, to: 10)
    #expect(!isDone)
    #expect(observer(&subject).faults == [.releasedTwice])
  }

  @Test func `a byte written after the release`() throws {
    var subject = subject()
    let block = try subject.block(of: 40)
    subject.release(block)
    RawMemory[byte: block + 7] = 1
    subject.check()
    #expect(observer(&subject).faults == [.writtenAfterRelease(block + 7)])
  }

  @Test func `the same when the block leaves the quarantine`() throws {
    var subject = subject(calls: [5])
    let block = try subject.block(of: 40)
    subject.release(block)
    RawMemory[byte: block + 39] = 1
    for _ in 0..<32 {
      #expect(observer(&subject).faults == [])
      subject.release(try subject.block(of: 8))
    }
    #expect(observer(&subject).faults == [.writtenAfterRelease(block + 39)])
    #expect(observer(&subject).allocatedAt == [[5]])
  }

  @Test func `leaks, the latest first`() throws {
    var subject = subject(calls: [1])
    let first = try subject.block(of: 10)
    let second = try subject.block(of: 20)
    subject.withObserver { $0.calls = [3, 4] }
    _ = try subject.block(of: 30)
    subject.release(second)
    var sizes: [UInt64] = []
    var calls: [[UInt64]] = []
    subject.forEachLiveBlock { block in
      sizes.append(block.size)
      calls.append(RecordingWitness.list(block.allocatedAt))
    }
    #expect(sizes == [30, 10])
    #expect(calls == [[3, 4], [1]])
    #expect(subject.size(of: first) == 10)
  }

  @Test func `more calls than there is room for`() throws {
    var subject = subject(calls: Array(1...20))
    _ = try subject.block(of: 10)
    subject.forEachLiveBlock { block in
      #expect(RecordingWitness.list(block.allocatedAt) == Array(1...8))
    }
  }

  @Test func `nothing in fresh bytes but their pattern`() throws {
    var subject = subject()
    let block = try subject.block(of: 100, alignment: 256)
    #expect(block % 256 == 0)
    let bytes = block..<(block + 100)
    #expect(RawMemory.firstOther(than: BlockRecord.freshByte, in: bytes) == nil)
    subject.release(block)
    #expect(RawMemory.firstOther(than: BlockRecord.freedByte, in: bytes) == nil)
  }

  @Test func `an overrun of a block that was made shorter`() throws {
    var subject = subject()
    let block = try subject.block(of: 100)
    let isShorter = subject.resize(block, to: 50)
    #expect(isShorter)
    let isLonger = subject.resize(block, to: 51)
    #expect(!isLonger)
    RawMemory[byte: block + 50] = 0
    subject.check()
    #expect(observer(&subject).faults == [.writtenBehind(block + 50)])
  }

  @Test func `memory in quarantine before they give up`() throws {
    var subject = subject()
    let size = subject.statistics.largestFreeBlock - 1000
    let block = try subject.block(of: size * 9 / 10)
    subject.release(block)
    let again = subject.allocate(size: size * 9 / 10)
    #expect(again != nil)
    #expect(subject.statistics.failures == 0)
  }
}
