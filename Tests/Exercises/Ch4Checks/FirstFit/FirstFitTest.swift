// SPDX-License-Identifier: BSD-3-Clause

import Allocation
import Console
import Exercise_4_3
import Grading
import Hart

/// A block as the check knows it.
struct KnownBlock {
  let address: UInt64
  /// What was asked for.
  let size: UInt64
  /// What may be used, from the address on.
  let usable: UInt64
  /// What each of its words was set to.
  let content: UInt64

  var addresses: Range<UInt64> { address..<(address + usable) }
}

/// The allocator under test, its memory, and a model: a list of the blocks
/// in use, in the order of their addresses.
struct FirstFitTest: ~Copyable {
  let arena: Arena
  var allocator = FirstFit()
  private(set) var blocks: [KnownBlock] = []
  /// Blocks that were released on purpose, to be named in a failure.
  var holes: [KnownBlock] = []
  /// Where blocks may lie.
  var memories: [Range<UInt64>] = []
  private(set) var allocations: UInt64 = 0
  /// How many calls there were, for the words of a failure.
  private(set) var calls: UInt64 = 0

  /// - Parameters:
  ///   - bytes: How much memory there is.
  ///   - isAdded: Whether the allocator gets it now.
  init(_ bytes: Int, isAdded: Bool = true) {
    arena = Arena(bytes)
    guard isAdded else { return }
    allocator.add(arena.whole)
    memories = [arena.addresses]
  }

  /// Adds a part of the memory, counted from its first byte.
  mutating func add(_ part: Range<UInt64>) {
    let memory = arena.part(part)
    var new = memory.addresses
    for old in memories {
      if old.upperBound == new.lowerBound {
        new = old.lowerBound..<new.upperBound
      } else if new.upperBound == old.lowerBound {
        new = new.lowerBound..<old.upperBound
      }
    }
    memories.removeAll { $0.overlaps(new) }
    memories.append(new)
    allocator.add(memory)
  }

  mutating func request(_ size: UInt64, _ alignment: UInt64) -> UInt64? {
    calls += 1
    return allocator.allocate(size: size, alignment: alignment)
  }

  mutating func insert(_ block: KnownBlock) {
    allocations += 1
    arena.fill(block.addresses, with: block.content)
    let index = blocks.firstIndex { $0.address > block.address }
    blocks.insert(block, at: index ?? blocks.count)
  }

  mutating func remove(at index: Int) -> KnownBlock {
    calls += 1
    return blocks.remove(at: index)
  }

  var bytesInUse: UInt64 { blocks.reduce(0) { $0 + $1.usable } }

  func index(of address: UInt64) -> Int? {
    blocks.firstIndex { $0.address == address }
  }
}

extension Message.Interpolation {
  mutating func appendInterpolation(_ block: KnownBlock) {
    appendInterpolation(block.size)
    appendLiteral(" bytes at ")
    appendInterpolation(hex: block.address)
  }

  /// The memory, and what is in use; not more of it than can be read.
  mutating func appendInterpolation(_ test: borrowing FirstFitTest) {
    appendLiteral("memory")
    for index in test.memories.indices {
      appendLiteral(index == 0 ? " " : " and ")
      appendInterpolation(test.memories[index])
    }
    guard test.blocks.count <= 6 else {
      appendLiteral(", ")
      appendInterpolation(test.blocks.count)
      appendLiteral(" blocks in use")
      return appendHoles(test)
    }
    for index in test.blocks.indices {
      appendLiteral(index == 0 ? ", in use: " : ", ")
      appendInterpolation(test.blocks[index])
    }
    if test.blocks.isEmpty { appendLiteral(", nothing in use") }
  }

  private mutating func appendHoles(_ test: borrowing FirstFitTest) {
    for index in test.holes.indices {
      appendLiteral(index == 0 ? ", free: " : ", ")
      appendInterpolation(test.holes[index])
    }
  }
}
