// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Allocation

/// What is done to blocks that should not be.
enum Misuse: String, CaseIterable, Codable {
  case twice, twiceLater, twiceFull, twiceMerged, twiceLarge, twiceReplaced
  case twiceInTLSF, twiceMergedInTLSF, inside
  case linkZero, linkChanged, sealChanged, behindFirst, beforeFlush
  case twiceAfterWrite

  func commit() throws {
    let arena = Arena(100_000)
    defer { extendLifetime(arena) }
    var quick = QuickLists<TLSFAllocator>()
    quick.add(arena.memory)
    var bare = TLSFAllocator()
    let other = Arena(100_000)
    defer { extendLifetime(other) }
    bare.add(other.memory)
    switch self {
    case .twice, .twiceLater, .twiceFull, .twiceMerged:
      try releaseSmallTwice(&quick)
    case .twiceLarge, .twiceReplaced: try releaseLargeTwice(&quick)
    case .twiceInTLSF, .twiceMergedInTLSF, .inside: try misuse(&bare)
    default: try damage(&quick)
    }
  }

  private func releaseSmallTwice(
    _ quick: inout QuickLists<TLSFAllocator>
  ) throws {
    // Those of an even number keep their neighbours apart.
    var blocks: [UInt64] = []
    for _ in 0..<40 { blocks.append(try quick.block(of: 64)) }
    let block = blocks[30]
    let before: Range<Int> =
      switch self {
      case .twice: 0..<0
      case .twiceLater: 0..<5
      // So many that the list is full, and the block goes to the base: by
      // itself, or behind one that is free, whose part it becomes.
      case .twiceFull: 0..<15
      default: 14..<30
      }
    for index in before { quick.release(blocks[index]) }
    quick.release(block)
    if self == .twiceLater { quick.release(blocks[35]) }
    quick.release(block)
  }

  private func releaseLargeTwice(
    _ quick: inout QuickLists<TLSFAllocator>
  ) throws {
    let (block, second) = (try quick.block(of: 4096), try quick.block(of: 4096))
    quick.release(block)
    if self == .twiceReplaced { quick.release(second) }
    quick.release(block)
  }

  private func misuse(_ bare: inout TLSFAllocator) throws {
    var blocks: [UInt64] = []
    for _ in 0..<6 { blocks.append(try bare.block(of: 64)) }
    bare.release(blocks[2])
    if self == .inside {
      // What is there is no size.
      RawMemory[blocks[4] + 8] = 7
      return bare.release(blocks[4] + 16)
    }
    if self == .twiceMergedInTLSF { bare.release(blocks[3]) }
    bare.release(blocks[self == .twiceInTLSF ? 2 : 3])
  }

  private func damage(_ quick: inout QuickLists<TLSFAllocator>) throws {
    var blocks: [UInt64] = []
    for _ in 0..<4 { blocks.append(try quick.block(of: 64)) }
    for block in blocks { quick.release(block) }
    switch self {
    case .linkZero: RawMemory[blocks[3]] = 0
    case .linkChanged: RawMemory[blocks[3]] = blocks[0] + 3
    case .sealChanged: RawMemory[byte: blocks[3] + 9] ^= 1
    case .behindFirst, .beforeFlush: RawMemory[blocks[2]] += 16
    default:
      RawMemory[blocks[1]] = 7
      quick.release(blocks[1])
    }
    if self == .beforeFlush { return quick.flush() }
    for _ in 0..<4 { _ = try quick.block(of: 64) }
  }

  /// What the last words are.
  var words: String {
    switch self {
    case .linkZero, .linkChanged, .sealChanged, .behindFirst, .beforeFlush,
      .twiceAfterWrite:
      "were written to after their release"
    case .inside: "is no block of the heap"
    default: "were released twice"
    }
  }
}

/// What an image for release finds out, without `DebugAllocator`.
@Suite struct MisuseTests {
  @Test(arguments: Misuse.allCases)
  func `misuse ends the program with words`(misuse: Misuse) async {
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [misuse = misuse as Misuse] in try misuse.commit() }
    let text = String(
      decoding: end?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(misuse.words), "\(text)")
  }

  @Test func `a block that only looks released is none`() throws {
    let arena = Arena(100_000)
    defer { extendLifetime(arena) }
    var quick = QuickLists<TLSFAllocator>()
    quick.add(arena.memory)
    let (block, other) = (try quick.block(of: 64), try quick.block(of: 64))
    quick.release(block)
    // The program writes by chance just what stands in a block that waits.
    let (link, seal) = (RawMemory[block], RawMemory[block + 8])
    (RawMemory[other], RawMemory[other + 8]) = (link, seal)
    quick.release(other)
    let first = try quick.block(of: 64)
    let second = try quick.block(of: 64)
    #expect([first, second] == [other, block])
    quick.release(second)
    // Nor one that comes back as it was handed out.
    for _ in 0..<40 { quick.release(try quick.block(of: 64)) }
    #expect(quick.statistics.liveBlocks == 1)
  }
}
