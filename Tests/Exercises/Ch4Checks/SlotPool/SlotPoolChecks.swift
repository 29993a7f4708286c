// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_4_2
import Grading
import Hart

func checkSlotPool(_ grader: inout Grader) {
  grader.check("slots lie apart, inside the memory, at multiples of 16") {
    report in
    for size in [16, 1, 24, 48, 100, 4096] as [UInt64] {
      var test = PoolTest(bytes: 40_000, slotSize: size)
      report.expectAllSlots(&test)
    }
  }
  grader.check("as many slots as fit are handed out, then nil") { report in
    for bytes in [0, 8, 24, 40, 64, 400, 4096, 50_000] as [UInt64] {
      for skip in [0, 8] as [UInt64] {
        var test = PoolTest(bytes: bytes, slotSize: 48, skip: skip)
        report.expectAllSlots(&test)
      }
    }
  }
  grader.check("a released slot is handed out again") { report in
    var test = PoolTest(bytes: 4096, slotSize: 64)
    report.expectAllSlots(&test)
    let slots = test.slots
    for slot in slots.reversed() { report.release(slot, of: &test) }
    for _ in slots { report.allocate(from: &test) }
  }
  grader.check("a released slot goes before one that was never used") {
    report in
    var test = PoolTest(bytes: 4096, slotSize: 64)
    for _ in 0..<4 { report.allocate(from: &test) }
    guard test.slots.count == 4 else { return }
    let slot = test.slots[1]
    report.release(slot, of: &test)
    let got = test.pool.allocate()
    report.expect(
      got == slot,
      given: "\(test): 4 slots in use, \(hex: slot) released",
      expected: "that slot again", got: "\(address: got)")
  }
  checkRefusals(&grader)
  checkPoolCosts(&grader)
  grader.check("random calls keep all slots and their contents apart") {
    report in
    var random = report.random()
    for _ in 0..<20 {
      guard report.expectRandomCalls(&random) else { return }
    }
  }
  #if arch(riscv64)
    checkPoolBudget(&grader)
  #endif
}

private func checkRefusals(_ grader: inout Grader) {
  grader.check("a second release is refused, and changes nothing") { report in
    var test = PoolTest(bytes: 4096, slotSize: 64)
    for _ in 0..<3 { report.allocate(from: &test) }
    for slot in test.slots {
      report.release(slot, of: &test)
      report.refuse(slot, of: &test, "released before")
    }
    report.expectAllSlots(&test)
    // Long after others were released.
    let all = test.slots
    for slot in all { report.release(slot, of: &test) }
    for slot in all { report.refuse(slot, of: &test, "released before") }
  }
  grader.check(
    "what a user writes does not look like a free slot", worth: 2
  ) { report in
    var test = PoolTest(bytes: 4096, slotSize: 64)
    report.expectCopies(&test)
  }
  grader.check("addresses that are no slot's are refused") { report in
    var test = PoolTest(bytes: 4096, slotSize: 64)
    for _ in 0..<3 { report.allocate(from: &test) }
    guard let first = test.slots.first else { return }
    report.refuse(first + 8, of: &test, "inside of a slot")
    report.refuse(first + 16, of: &test, "inside of a slot")
    report.refuse(first + 3 * 64, of: &test, "never handed out")
    report.refuse(test.memory.addresses.upperBound, of: &test, "the end")
    report.refuse(test.memory.addresses.lowerBound - 64, of: &test, "before")
    for address in [0, 64, 1 << 63, UInt64.max, UInt64.max - 63] {
      report.refuse(address, of: &test, "far away")
    }
    report.expectAllSlots(&test)
  }
  grader.check("what was in the memory before means nothing", worth: 2) {
    report in
    report.expectNothingOfOld(areReleased: false)
    report.expectNothingOfOld(areReleased: true)
  }
  grader.check("a pool without a slot refuses everything") { report in
    var test = PoolTest(bytes: 16, slotSize: 64)
    report.expectAllSlots(&test)
    let start = test.memory.addresses.lowerBound
    report.refuse(start, of: &test, "no slot fits")
  }
}

/// Each call's accesses to memory, when there are few slots and many.
private func checkPoolCosts(_ grader: inout Grader) {
  grader.check("a new pool has not touched its memory", worth: 2) { report in
    let test = PoolTest(bytes: 1 << 20, slotSize: 64)
    report.expect(
      test.memory.accesses == 0, given: "\(test)",
      expected: "no access before the first call",
      got: "\(test.memory.accesses) accesses")
  }
  grader.check("each call makes four accesses at most", worth: 7) { report in
    for bytes in [2000, 200_000] as [UInt64] {
      var test = PoolTest(bytes: bytes, slotSize: 64)
      report.expectAllSlots(&test)
      let slots = test.slots
      for slot in slots { report.release(slot, of: &test) }
      for slot in slots { report.refuse(slot, of: &test, "released before") }
      for _ in slots { report.allocate(from: &test) }
      for slot in slots.reversed() { report.release(slot, of: &test) }
    }
  }
}
