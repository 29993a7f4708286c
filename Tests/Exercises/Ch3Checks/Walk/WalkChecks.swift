// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Exercise_3_2
import Grading
import Hart
import Paging

/// A frame at 0x8765_4000 with all that a page may have.
private let page: UInt64 = 0x8765_4000 >> 2 | 0b1100_1111
private let large: UInt64 = 0x8760_0000 >> 2 | 0b1100_1111
private let huge: UInt64 = 0x8000_0000 >> 2 | 0b1100_1111
private let address: UInt64 = 0x12_3456_7ABC

func checkWalk(_ grader: inout Grader) {
  grader.check("a page of 4 KiB is found through three tables", worth: 3) {
    report in
    report.expect(page, level: 0, is: .physical(0x8765_4ABC))
    report.expectPlainTables(page)
  }
  grader.check("a large page ends the walk early", worth: 3) { report in
    report.expect(large, level: 1, is: .physical(0x8776_7ABC))
    report.expect(huge, level: 2, is: .physical(0xB456_7ABC))
  }
  grader.check("addresses of the upper half are translated, too") { report in
    report.expect(
      page, level: 0, at: 0xFFFF_FFFF_FFFF_F008, is: .physical(0x8765_4008))
    report.expect(
      page, level: 0, at: 0xFFFF_FFC0_0000_0000, is: .physical(0x8765_4000))
  }
  grader.check("addresses between the halves are not canonical") { report in
    report.expect(page, level: 0, at: 0x40_0000_0000, is: .notCanonical)
    report.expect(
      page, level: 0, at: 0xFFFF_FFBF_FFFF_FFFF, is: .notCanonical)
    report.expect(page, level: 0, at: 1 << 63, is: .notCanonical)
    report.expect(page, level: 0, at: 1 << 39, is: .notCanonical)
  }
  checkEntries(&grader)
  checkRandom(&grader)
  #if arch(riscv64)
    grader.check("the running kernel's tables lead where it believes") {
      report in report.expectLiveTables()
    }
  #endif
}

private func checkEntries(_ grader: inout Grader) {
  grader.check("an entry without V ends the walk at any level") { report in
    for level in 0...2 as ClosedRange<UInt64> {
      report.expect(page & ~1, level: level, is: .nothing)
    }
  }
  grader.check("reserved entries are refused") { report in
    report.expect(page & ~0b0010, level: 0, is: .reserved)
    report.expect(page & ~0b1010, level: 0, is: .reserved)
    let table = TinyTables.table(TinyTables.last)
    for bit in 54...63 as ClosedRange<UInt64> {
      report.expect(page | 1 << bit, level: 0, is: .reserved)
      report.expect(table | 1 << bit, level: 1, is: .reserved)
    }
    for level in 0...2 as ClosedRange<UInt64> {
      report.expect(table | 1 << 4, level: level, is: .reserved)
      report.expect(table | 1 << 6, level: level, is: .reserved)
      report.expect(table | 1 << 7, level: level, is: .reserved)
    }
  }
  grader.check("after level 0 there is no further table") { report in
    report.expect(
      TinyTables.table(TinyTables.root), level: 0, is: .tooDeep)
  }
  grader.check("an access needs its bit") { report in
    report.expect(page & ~0b1000, level: 0, .execute, is: .notAllowed)
    report.expect(page & ~0b0100, level: 0, .store, is: .notAllowed)
    report.expect(page & ~0b0110, level: 0, .load, is: .notAllowed)
    report.expect(
      page & ~0b0100, level: 0, .load, is: .physical(0x8765_4ABC))
  }
  grader.check("a large page lies at a multiple of its size") { report in
    report.expect(page, level: 1, is: .misaligned)
    report.expect(large, level: 2, is: .misaligned)
  }
  grader.check("a page must be marked as used, and as written") { report in
    report.expect(page & ~(1 << 6), level: 0, .load, is: .notMarked)
    report.expect(page & ~(1 << 7), level: 0, .store, is: .notMarked)
    report.expect(
      page & ~(1 << 7), level: 0, .execute, is: .physical(0x8765_4ABC))
  }
  grader.check("of several results the first one counts") { report in
    report.expect(page & ~0b0011, level: 0, is: .nothing)
    report.expect(page & ~0b0110_1100, level: 1, .store, is: .notAllowed)
    report.expect(page & ~(1 << 6), level: 1, is: .misaligned)
  }
}

private func checkRandom(_ grader: inout Grader) {
  grader.check("random entries end as the manual says", worth: 3) { report in
    var random = report.random()
    for _ in 0..<2000 {
      let level = random.next(below: 3)
      var entry = random.next() & 0x3F_FFFF_FFFF_FFFF
      if random.next(below: 8) == 0 { entry |= random.next() << 54 }
      if random.next(below: 4) != 0 { entry |= 0b0100_0011 }
      if random.next(below: 2) == 0 { entry &= ~((1 << 28) - 1) | 1023 }
      // A table would lead out of this memory.
      if entry & 0b1111 == 1, level > 0 { entry |= 2 }
      guard report.expectRandom(entry, level, &random) else { return }
    }
  }
}
