// SPDX-License-Identifier: BSD-3-Clause

import Allocation
import Console
import Exercise_4_3
import Grading
import Hart

// What is expected of every single call.
extension Report {
  /// A block that is free. Nil only after a failure.
  @discardableResult
  mutating func allocate(
    _ size: UInt64, alignment: UInt64 = 16, from test: inout FirstFitTest
  ) -> UInt64? {
    guard !hasFailed else { return nil }
    let got = test.request(size, alignment)
    guard let address = got else {
      expect(
        false, given: "\(test); \(size) bytes, alignment \(alignment)",
        expected: "a block", got: "nil")
      return nil
    }
    expectBlock(address, size, alignment, &test)
    return hasFailed ? nil : address
  }

  /// Checks a new block, fills it, and puts it into the model.
  mutating func expectBlock(
    _ address: UInt64, _ size: UInt64, _ alignment: UInt64,
    _ test: inout FirstFitTest
  ) {
    expect(
      address % alignment == 0 && address % 16 == 0,
      given: "\(test); \(size) bytes, alignment \(alignment)",
      expected: "a multiple of \(max(alignment, 16))",
      got: "\(hex: address)")
    expect(
      test.memories.contains {
        $0.contains(address) && $0.upperBound - address >= size
      }, given: "\(test); \(size) bytes, alignment \(alignment)",
      expected: "a block inside of the memory", got: "\(hex: address)")
    guard !hasFailed else { return }
    let usable = test.allocator.size(of: address)
    expect(
      usable >= size && usable % 8 == 0 && test.arena.holds(address, usable),
      given: "\(test); \(hex: address) handed out for \(size) bytes",
      expected: "size(of:) tells at least so many, and not beyond the memory",
      got: "\(usable)")
    guard !hasFailed else { return }
    expectApart(address, usable, test)
    guard !hasFailed else { return }
    test.insert(
      KnownBlock(
        address: address, size: size, usable: usable,
        content: address ^ 0x5EED_0000_0000_0000 &+ test.calls << 40))
  }

  private mutating func expectApart(
    _ address: UInt64, _ usable: UInt64, _ test: borrowing FirstFitTest
  ) {
    let range = address..<(address + usable)
    for index in test.blocks.indices {
      let block = test.blocks[index]
      guard block.addresses.overlaps(range) else { continue }
      expect(
        false, given: "\(test), call \(test.calls)",
        expected: "a block apart from that of \(block)",
        got: "\(usable) bytes at \(hex: address)")
      return
    }
  }

  /// Takes a block back, after a look at what it holds.
  mutating func release(_ address: UInt64?, of test: inout FirstFitTest) {
    guard !hasFailed, let address, let index = test.index(of: address)
    else { return }
    expectContent(of: test.blocks[index], test)
    guard !hasFailed else { return }
    let block = test.remove(at: index)
    test.allocator.release(block.address)
  }

  private mutating func expectContent(
    of block: KnownBlock, _ test: borrowing FirstFitTest
  ) {
    guard
      let other = test.arena.firstOther(
        than: block.content, in: block.addresses)
    else { return }
    expect(
      false, given: "\(test), call \(test.calls)",
      expected: "\(block), in use, stays as its user has filled it",
      got: "another word at \(hex: other)")
  }

  /// Releases what is left, in the order of addresses.
  mutating func releaseAll(of test: inout FirstFitTest) {
    while !hasFailed, let block = test.blocks.first {
      release(block.address, of: &test)
    }
  }

  /// Nothing was written outside of the memory.
  mutating func expectNoDamage(_ test: borrowing FirstFitTest) {
    expect(
      test.arena.damage == nil, given: "\(test)",
      expected: "nothing is written outside of the memory",
      got: "a write to \(address: test.arena.damage)")
  }

  /// The whole memory is one free block: all but 64 bytes can be had at
  /// once.
  mutating func expectOnePiece(_ test: inout FirstFitTest) {
    guard !hasFailed else { return }
    let all = UInt64(test.arena.addresses.count)
    let got = test.request(all - 64, 16)
    expect(
      got != nil,
      given: "\(test), after \(test.calls) calls",
      expected: "one free block again, with room for \(all - 64) bytes",
      got: "nil")
    guard let address = got else { return }
    expectBlock(address, all - 64, 16, &test)
    release(address, of: &test)
    expectNoDamage(test)
  }
}
