// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_3_1
import Grading
import Hart
import Paging

func checkEntryLine(_ grader: inout Grader) {
  grader.check("without V, an entry is nothing") { report in
    report.expect(0, is: "nothing")
    report.expect(0xFFFF_FFFF_FFFF_FFFE, is: "nothing")
  }
  grader.check("without R, W and X it leads to a table", worth: 2) { report in
    report.expect(0x2010_1401, is: "table at 0x80405000")
    report.expect(1, is: "table at 0x00000000")
    // G and the two free bits mean nothing here.
    report.expect(0x2010_1401 | 0x320, is: "table at 0x80405000")
  }
  grader.check("a page has its address and its letters", worth: 3) { report in
    report.expect(0x2008_004B, is: "page at 0x80200000 r-x--a-")
    report.expect(0x2008_00C7, is: "page at 0x80200000 rw---ad")
    report.expect(0x0400_0033, is: "page at 0x10000000 r--ug--")
    report.expect(0x2008_0009, is: "page at 0x80200000 --x----")
    report.expect(0x2008_00FF, is: "page at 0x80200000 rwxugad")
  }
  grader.check("all 44 bits of a frame's number count") { report in
    report.expect(
      0x003F_FFFF_FFFF_FC03, is: "page at 0xfffffffffff000 r------")
  }
  grader.check("writable but not readable is reserved") { report in
    report.expect(0x2008_0005, is: "reserved")
    report.expect(0x2008_000D, is: "reserved")
  }
  grader.check("a table that was used, written or is the user's is reserved") {
    report in
    report.expect(0x2010_1411, is: "reserved")
    report.expect(0x2010_1441, is: "reserved")
    report.expect(0x2010_1481, is: "reserved")
  }
  grader.check("bits 54 to 60 are reserved") { report in
    for bit in 54...60 as ClosedRange<UInt64> {
      report.expect(0x2008_004B | 1 << bit, is: "reserved")
      report.expect(0x2010_1401 | 1 << bit, is: "reserved")
    }
    // Bits 61 to 63 are not: they belong to extensions.
    for bit in 61...63 as ClosedRange<UInt64> {
      report.expect(
        0x2008_004B | 1 << bit, is: "page at 0x80200000 r-x--a-")
      report.expect(0x2010_1401 | 1 << bit, is: "table at 0x80405000")
    }
  }
  grader.check(
    "all 1024 values of bits 0 to 9 read as the rules say",
    worth: 2
  ) { report in
    for low in 0..<1024 as Range<UInt64> where !report.hasFailed {
      report.expectRules(0x2008_0000 | low)
    }
  }
  #if arch(riscv64)
    grader.check("the running kernel's own tables read well") { report in
      report.expectLiveWalk()
    }
  #endif
}

extension Report {
  fileprivate mutating func expect(
    _ entry: UInt64, is expected: StaticString
  ) {
    var text = CapturedText()
    text.write(entry: entry)
    expect(text, is: expected, given: "the entry \(hex: entry, digits: 16)")
  }

  /// An entry for the address 0x80200000, rule by rule.
  fileprivate mutating func expectRules(_ entry: UInt64) {
    func has(_ bit: UInt64) -> Bool { entry >> bit & 1 == 1 }
    let isTable = !has(1) && !has(2) && !has(3)
    guard has(0) else { return expect(entry, is: "nothing") }
    if has(2) && !has(1) || isTable && (has(4) || has(6) || has(7)) {
      return expect(entry, is: "reserved")
    }
    guard !isTable else { return expect(entry, is: "table at 0x80200000") }
    var expected = CapturedText()
    expected.write("page at 0x80200000 ")
    let letters = ByteView("rwxugad")
    for index in letters.indices {
      let isSet = has(UInt64(index) + 1)
      expected.write(isSet ? letters[index] : UInt8(ascii: "-"))
    }
    var text = CapturedText()
    text.write(entry: entry)
    expect(
      text == expected, given: "the entry \(hex: entry, digits: 16)",
      expected: "\(expected)", got: "\(text)")
  }

  #if arch(riscv64)
    /// The way to this code: two tables, and a page that may be executed.
    fileprivate mutating func expectLiveWalk() {
      KernelMemory.walk(0x8020_0000) { step in
        var text = CapturedText()
        text.write(entry: step.entry.rawValue)
        var expected = CapturedText()
        expected.write(step.level == 0 ? "page at " : "table at ")
        expected.write(hex: step.entry.frame.address, digits: 8)
        if step.level == 0 { expected.write(" r-x--a-") }
        expect(
          text == expected,
          given: "the entry at level \(step.level) for 0x80200000",
          expected: "\(expected)", got: "\(text)")
      }
    }
  #endif
}
