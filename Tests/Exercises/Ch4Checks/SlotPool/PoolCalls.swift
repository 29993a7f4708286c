// SPDX-License-Identifier: BSD-3-Clause

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
    for _ in 0..<200 where !hasFailed {
      if random.next(below: 2) == 0 {
        guard UInt64(test.slots.count) < test.fewestSlots else { continue }
        allocate(from: &test)
      } else if !test.slots.isEmpty {
        let index = Int(random.next(below: UInt64(test.slots.count)))
        let slot = test.slots[index]
        release(slot, of: &test)
        guard random.next(below: 4) == 0 else { continue }
        refuse(slot, of: &test, "released before")
      }
    }
    return !hasFailed
  }

  /// A pool in memory where another one has left its notes: all slots in
  /// use, or all free.
  mutating func expectNothingOfOld(areReleased: Bool) {
    var old = PoolTest(bytes: 4096, slotSize: 64)
    expectAllSlots(&old)
    let slots = old.slots
    if areReleased { for slot in slots { release(slot, of: &old) } }
    var test = PoolTest(old.memory, slotSize: 64)
    for slot in slots { refuse(slot, of: &test, "never handed out") }
    expectAllSlots(&test)
    for slot in test.slots { release(slot, of: &test) }
  }
}
