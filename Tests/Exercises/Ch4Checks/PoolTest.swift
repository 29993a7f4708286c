// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_4_2
  import Console
  import Exercise_4_2
  import Grading
  import Hart

  /// A pool, its memory, and what it has handed out.
  struct PoolTest: ~Copyable {
    let memory: PoolMemory
    let slotSize: UInt64
    var pool: SlotPool<PoolMemory>
    /// The slots in use, in the order in which they were handed out.
    var slots: [UInt64] = []

    init(bytes: UInt64, slotSize: UInt64, skip: UInt64 = 0) {
      let start = 0x8030_0000 + skip
      memory = PoolMemory(start..<(start + bytes))
      self.slotSize = slotSize
      pool = SlotPool(memory, at: memory.addresses, slotSize: slotSize)
    }

    var roundedSize: UInt64 { (slotSize + 15) / 16 * 16 }

    /// How many slots there must be at least.
    var fewestSlots: UInt64 {
      let bytes = UInt64(memory.addresses.count)
      return bytes < 32 ? 0 : (bytes - 32) / (roundedSize + 8)
    }
  }

  extension Message.Interpolation {
    mutating func appendInterpolation(_ test: borrowing PoolTest) {
      appendLiteral("slots of ")
      appendInterpolation(test.slotSize)
      appendLiteral(" bytes at ")
      appendInterpolation(test.memory.addresses)
    }
  }

  extension Report {
    /// A slot that nobody has.
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
      expectPlace(of: slot, test)
      test.slots.append(slot)
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
      test.slots.removeAll { $0 == slot }
      _ = test.memory.takeAccesses()
      let got = test.pool.release(slot)
      expectFewAccesses(test, "release")
      expect(
        got, given: "\(test), \(hex: slot) released", expected: "true",
        got: "false")
    }

    /// An address that is no slot in use does not.
    mutating func refuse(
      _ address: UInt64, of test: inout PoolTest, _ why: StaticString
    ) {
      guard !hasFailed else { return }
      _ = test.memory.takeAccesses()
      let got = test.pool.release(address)
      expectFewAccesses(test, "release")
      expect(
        !got, given: "\(test), \(hex: address) released: \(why)",
        expected: "false", got: "true")
    }

    private mutating func expectFewAccesses(
      _ test: borrowing PoolTest, _ call: StaticString
    ) {
      let count = test.memory.accesses
      expect(
        count <= 4, given: "\(call), \(test), \(test.slots.count) in use",
        expected: "four accesses to memory at most", got: "\(count)")
      expect(
        test.memory.stray == nil, given: "\(call), \(test)",
        expected: "accesses inside of these addresses, at multiples of 8",
        got: "\(address: test.memory.stray)")
    }

    /// Takes all slots that are left.
    mutating func expectAllSlots(_ test: inout PoolTest) {
      while UInt64(test.slots.count) < test.fewestSlots, !hasFailed {
        allocate(from: &test)
      }
      let most = UInt64(test.memory.addresses.count) / test.roundedSize
      while !hasFailed, let slot = test.pool.allocate() {
        expectPlace(of: slot, test)
        test.slots.append(slot)
        let count = test.slots.count
        expect(
          count <= most, given: "\(test)", expected: "\(most) slots at most",
          got: "\(count)")
      }
    }
  }
#endif
