// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_4_2
  import Console
  import Exercise_4_2
  import Grading
  import Hart

  extension Report {
    /// Users who write into their slots just what free slots hold.
    mutating func expectCopies(_ test: inout PoolTest) {
      for _ in 0..<3 { allocate(from: &test) }
      let slots = test.slots
      for slot in slots { release(slot, of: &test) }
      guard !hasFailed else { return }
      let words = slots.map { slot in
        (0..<8).map { test.memory.load(slot + 8 * UInt64($0)) }
      }
      for _ in slots { allocate(from: &test) }
      guard !hasFailed else { return }
      for (slot, copy) in zip(slots, words) {
        for (index, word) in copy.enumerated() {
          test.memory.store(word, at: slot + 8 * UInt64(index))
        }
        release(slot, of: &test)
        refuse(slot, of: &test, "released before")
      }
    }

    /// Slots are taken, written to, looked at and released at random.
    mutating func expectRandomCalls(_ random: inout SeededRandom) -> Bool {
      let size = 1 + random.next(below: 120)
      let bytes = 8 * random.next(below: 400)
      var test = PoolTest(
        bytes: bytes, slotSize: size, skip: 8 * random.next(below: 2))
      var writes: UInt64 = 0
      var contents: [UInt64] = []
      for _ in 0..<200 where !hasFailed {
        if random.next(below: 2) == 0 {
          guard UInt64(test.slots.count) < test.fewestSlots else { continue }
          allocate(from: &test)
          guard !hasFailed, let slot = test.slots.last else { continue }
          writes += 1
          contents.append(writes)
          test.memory.fill(slot, size: test.roundedSize, with: writes)
        } else if !test.slots.isEmpty {
          let index = Int(random.next(below: UInt64(test.slots.count)))
          let slot = test.slots[index]
          expectContents(of: slot, contents.remove(at: index), test)
          release(slot, of: &test)
          if random.next(below: 4) == 0 {
            refuse(slot, of: &test, "released before")
          }
        }
      }
      return !hasFailed
    }

    private mutating func expectContents(
      of slot: UInt64, _ content: UInt64, _ test: borrowing PoolTest
    ) {
      let size = test.roundedSize
      guard
        let other = test.memory.other(than: content, in: slot, size: size)
      else { return }
      expect(
        false, given: "\(test), a user has filled \(hex: slot) with \(content)",
        expected: "that this slot is left alone while it is in use",
        got: "\(hex: other.value) at \(hex: other.address)")
    }
  }
#endif
