// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_4_2
import Grading
import Hart

// What is expected of every single call.
extension Report {
  /// A slot that is free.
  mutating func allocate(from test: inout PoolTest) {
    guard !hasFailed else { return }
    _ = test.memory.takeAccesses()
    let slot = test.pool.allocate()
    expectFewAccesses(test, "allocate()")
    guard let slot else {
      expect(
        false, given: "\(test), \(test.slots.count) in use",
        expected: "another slot", got: "nil")
      return
    }
    take(slot, &test)
  }

  /// Checks a new slot, and fills it as its user does.
  private mutating func take(_ slot: UInt64, _ test: inout PoolTest) {
    expectPlace(of: slot, test)
    guard !hasFailed else { return }
    test.slots.append(slot)
    test.memory.fill(slot, size: test.roundedSize, with: content(of: slot))
  }

  private func content(of slot: UInt64) -> UInt64 {
    slot &* 0x9E37_79B9_7F4A_7C15
  }

  private mutating func expectContent(
    of slot: UInt64, _ test: borrowing PoolTest
  ) {
    let (size, content) = (test.roundedSize, content(of: slot))
    let other = test.memory.other(than: content, in: slot, size: size)
    guard let other else { return }
    expect(
      false, given: "\(test), \(hex: slot) is in use and filled by its user",
      expected: "\(hex: content) at \(hex: other.address), as he has left it",
      got: "\(hex: other.value)")
  }

  private mutating func expectPlace(
    of slot: UInt64, _ test: borrowing PoolTest
  ) {
    let size = test.roundedSize
    let isInside = test.memory.holds(slot, size: size)
    expect(
      isInside && slot % 16 == 0, given: "\(test)",
      expected: "a slot inside, at a multiple of 16", got: "\(hex: slot)")
    for other in test.slots where isInside {
      let gap = slot >= other ? slot - other : other - slot
      let isApart = gap >= size
      guard
        expect(
          isApart, given: "\(test), \(hex: other) in use",
          expected: "a slot that does not touch it", got: "\(hex: slot)")
      else { return }
    }
  }

  /// A slot that is in use goes back.
  mutating func release(_ slot: UInt64, of test: inout PoolTest) {
    guard !hasFailed else { return }
    expectContent(of: slot, test)
    test.slots.removeAll { $0 == slot }
    _ = test.memory.takeAccesses()
    let got = test.pool.release(slot)
    expectFewAccesses(test, "release of ", slot)
    expect(
      got, given: "\(test), \(hex: slot), in use, is released",
      expected: "true, whatever its user has filled it with", got: "false")
  }

  /// An address that is no slot in use does not.
  mutating func refuse(
    _ address: UInt64, of test: inout PoolTest, _ why: StaticString
  ) {
    guard !hasFailed else { return }
    _ = test.memory.takeAccesses()
    let got = test.pool.release(address)
    expectFewAccesses(test, "release of ", address)
    expect(
      !got, given: "\(test), \(hex: address) released: \(why)",
      expected: "false", got: "true")
  }

  private mutating func expectFewAccesses(
    _ test: borrowing PoolTest, _ call: StaticString,
    _ address: UInt64? = nil
  ) {
    let count = test.memory.accesses
    expect(
      count <= 4,
      given: """
        \(test), \(test.slots.count) in use, \(call)\(argument: address)
        """,
      expected: "four accesses to memory at most", got: "\(count)")
    expect(
      test.memory.stray == nil,
      given: "\(test), \(call)\(argument: address)",
      expected: "accesses inside of these addresses, at multiples of 8",
      got: "one at \(address: test.memory.stray)")
  }

  /// Takes all slots that are left.
  mutating func expectAllSlots(_ test: inout PoolTest) {
    while UInt64(test.slots.count) < test.fewestSlots, !hasFailed {
      allocate(from: &test)
    }
    let most = UInt64(test.memory.addresses.count) / test.roundedSize
    while !hasFailed, let slot = test.pool.allocate() {
      take(slot, &test)
      let count = test.slots.count
      expect(
        count <= most, given: "\(test)", expected: "\(most) slots at most",
        got: "\(count)")
    }
    for slot in test.slots { expectContent(of: slot, test) }
  }
}
