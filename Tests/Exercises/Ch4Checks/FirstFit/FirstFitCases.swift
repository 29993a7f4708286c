// SPDX-License-Identifier: BSD-3-Clause

import Allocation
import Console
import Exercise_4_3
import Grading
import Hart

extension Report {
  /// Fills the memory but for holes of these sizes.
  ///
  /// - Returns: Where they are.
  mutating func makeHoles(
    _ sizes: [UInt64], in test: inout FirstFitTest
  ) -> [UInt64] {
    var holes: [UInt64] = []
    for size in sizes {
      holes.append(allocate(size, from: &test) ?? 0)
      allocate(16, from: &test)
    }
    while !hasFailed, let address = test.request(16, 16) {
      expectBlock(address, 16, 16, &test)
    }
    test.holes = test.blocks.filter { holes.contains($0.address) }
    for hole in holes { release(hole, of: &test) }
    return holes
  }

  /// The block lies at `place`, where a hole begins.
  mutating func expect(
    _ size: UInt64, from test: inout FirstFitTest, at place: UInt64,
    _ why: StaticString
  ) {
    guard let address = allocate(size, from: &test) else { return }
    expect(
      address == place, given: "\(test); \(size) bytes asked for",
      expected: "the block at \(hex: place): \(why)", got: "\(hex: address)")
    test.holes.removeAll { $0.address == place }
  }

  /// A hole of 96 bytes, and its header, is used up to the last byte.
  mutating func expectNothingWasted() {
    guard !hasFailed else { return }
    var test = FirstFitTest(8 << 10)
    let hole = makeHoles([96], in: &test)[0]
    for (size, place) in [(16, hole), (32, hole + 32), (16, hole + 80)]
      as [(UInt64, UInt64)]
    {
      expect(
        size, from: &test, at: place,
        "a block is no longer than it must be, and the rest is free")
    }
  }

  /// Neighbours that are released in this order have room for one block
  /// that needs all of them.
  mutating func expectMerging(_ order: [Int]) {
    guard !hasFailed else { return }
    var test = FirstFitTest(8 << 10)
    let blocks = order.indices.map { _ in allocate(96, from: &test) ?? 0 }
    while !hasFailed, let address = test.request(32, 16) {
      expectBlock(address, 32, 16, &test)
    }
    for number in order { release(blocks[number], of: &test) }
    let size = UInt64(96 * order.count)
    guard !hasFailed else { return }
    let got = test.request(size, 16)
    expect(
      got == blocks[0],
      given: """
        neighbours of 96 bytes at \(list: blocks), released in the order \
        \(list: order.map { blocks[$0] })
        """,
      expected: "room for \(size) bytes at \(hex: blocks[0])",
      got: "\(address: got)")
  }

  /// Nil, and nothing else.
  mutating func expectRefusal(
    _ size: UInt64, _ alignment: UInt64, _ test: inout FirstFitTest
  ) {
    guard !hasFailed else { return }
    let got = test.request(size, alignment)
    expect(
      got == nil, given: "\(test); \(size) bytes, alignment \(alignment)",
      expected: "nil", got: "\(address: got)")
  }

  /// Takes blocks until there are none.
  ///
  /// - Returns: How many.
  mutating func fill(_ test: inout FirstFitTest, with size: UInt64) -> Int {
    var count = 0
    while !hasFailed, let address = test.request(size, 16) {
      expectBlock(address, size, 16, &test)
      count += 1
    }
    return count
  }

  /// Three parts of one memory, in an order that is not that of addresses,
  /// and some that are too small or begin anywhere.
  mutating func expectAddedMemory() {
    var test = FirstFitTest(12_288, isAdded: false)
    test.add(8192..<12_288)
    allocate(3000, from: &test)
    test.add(0..<4096)
    allocate(3000, from: &test)
    expectRefusal(3000, 16, &test)
    test.add(4096..<8192)
    allocate(3000, from: &test)
    releaseAll(of: &test)
    expectOnePiece(&test)
    var odd = FirstFitTest(4096, isAdded: false)
    odd.add(3..<3)
    odd.add(16..<31)
    odd.add(101..<2001)
    allocate(1500, from: &odd)
    releaseAll(of: &odd)
    expectNoDamage(odd)
  }

  mutating func expectTally() {
    var test = FirstFitTest(16 << 10)
    let kept = allocate(100, from: &test)
    let other = allocate(200, from: &test)
    release(other, of: &test)
    expectRefusal(1 << 20, 16, &test)
    guard kept != nil, !hasFailed else { return }
    let found = test.allocator.statistics
    let words: [(StaticString, UInt64, UInt64)] = [
      ("allocations", found.allocations, 2),
      ("liveBlocks", found.liveBlocks, 1),
      ("bytesInUse", found.bytesInUse, test.bytesInUse),
      ("failures", found.failures, 1),
    ]
    for (name, got, expected) in words {
      expect(
        got == expected,
        given: "100 bytes, then 200, those released, then too many",
        expected: "\(name) in the statistics is \(expected)", got: "\(got)")
    }
  }
}

extension Message.Interpolation {
  fileprivate mutating func appendInterpolation(list addresses: [UInt64]) {
    for index in addresses.indices {
      if index > 0 { appendLiteral(", ") }
      appendInterpolation(hex: addresses[index])
    }
  }
}
