// SPDX-License-Identifier: BSD-3-Clause

import Allocation
import Console
import Exercise_4_3
import Grading
import Hart

extension Report {
  /// Random calls. In the end all is free, and in one piece.
  mutating func expectRandomBlocks(_ random: inout SeededRandom) -> Bool {
    var test = FirstFitTest(24 << 10)
    for _ in 0..<300 where !hasFailed {
      if random.next(below: 5) < 3 {
        allocateAtRandom(&random, &test)
      } else if !test.blocks.isEmpty {
        let index = Int(random.next(below: UInt64(test.blocks.count)))
        release(test.blocks[index].address, of: &test)
      }
    }
    while !hasFailed, !test.blocks.isEmpty {
      let index = Int(random.next(below: UInt64(test.blocks.count)))
      release(test.blocks[index].address, of: &test)
    }
    expectOnePiece(&test)
    return !hasFailed
  }

  private mutating func allocateAtRandom(
    _ random: inout SeededRandom, _ test: inout FirstFitTest
  ) {
    // Every doubling of the size as often as the others.
    let size = random.next(below: 1 << (1 + random.next(below: 11)))
    let isAligned = random.next(below: 8) == 0
    let alignment: UInt64 = isAligned ? 16 << random.next(below: 6) : 16
    let place = surePlace(for: size, alignment, test)
    let got = test.request(size, alignment)
    expect(
      got != nil || place == nil,
      given: """
        \(test), call \(test.calls): \(size) bytes, alignment \(alignment)
        """,
      expected: "a block: there is enough room at \(address: place)",
      got: "nil")
    guard let address = got else { return }
    expect(
      address <= place ?? .max,
      given: """
        \(test), call \(test.calls): \(size) bytes, alignment \(alignment)
        """,
      expected: "the lowest block: there is enough room at \(address: place)",
      got: "\(hex: address)")
    expectBlock(address, size, alignment, &test)
  }

  /// The lowest address between two blocks in use where there is room for
  /// this block, whatever the allocator keeps in front of each.
  private func surePlace(
    for size: UInt64, _ alignment: UInt64, _ test: borrowing FirstFitTest
  ) -> UInt64? {
    let header: UInt64 = 32
    var start = test.arena.addresses.lowerBound
    for index in 0...test.blocks.count {
      let isLast = index == test.blocks.count
      let end =
        isLast
        ? test.arena.addresses.upperBound
        : test.blocks[index].address - header
      let lowest = start + header
      let place = (lowest + alignment - 1) & ~(alignment - 1)
      if place + size + header <= end { return place }
      if !isLast { start = test.blocks[index].addresses.upperBound }
    }
    return nil
  }
}
