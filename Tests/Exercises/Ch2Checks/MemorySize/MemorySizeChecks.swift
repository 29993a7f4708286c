// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_2_2
import Grading
import Hart

func checkMemorySize(_ grader: inout Grader) {
  grader.check("one region of two cells each has its size") { report in
    report.expect(
      "\0\0\0\0\0\0\0\u{7}\0\0\0\u{1}\0\0\0\u{2}", 2, 2,
      is: .size(1 << 32 + 2))
  }
  grader.check("the sizes of several regions are added") { report in
    report.expect(
      "\0\0\0\u{9}\0\0\u{10}\0\0\0\0\u{7}\0\0\0\u{20}", 1, 1,
      is: .size(0x1020))
    report.expect("", 2, 2, is: .size(0))
  }
  grader.check("address and size may differ in their width") { report in
    report.expect("\0\0\0\u{1}\0\0\0\u{2}\0\0\0\u{3}", 2, 1, is: .size(3))
    report.expect(
      "\0\0\0\u{1}\0\0\0\0\0\0\0\u{3}", 1, 2, is: .size(3))
  }
  grader.check("an incomplete region is an error") { report in
    report.expect("\0\0\0\u{1}\0\0\0", 1, 1, is: .error(.endsTooEarly))
    report.expect("\0\0\0\u{1}", 1, 1, is: .error(.endsTooEarly))
    report.expect(
      "\0\0\0\u{1}\0\0\0\u{2}\0", 1, 1, is: .error(.endsTooEarly))
  }
  grader.check("other widths than one or two cells are an error") { report in
    report.expect("\0\0\0\u{1}", 1, 0, is: .error(.unknownWidth))
    report.expect("\0\0\0\u{1}", 0, 1, is: .error(.unknownWidth))
    report.expect("", 3, 2, is: .error(.unknownWidth))
    report.expect("", -1, .max, is: .error(.unknownWidth))
  }
  grader.check("random bytes never trap, and add up exactly") { report in
    var random = report.random()
    for _ in 0..<1000 {
      guard report.expectRandomRegions(&random) else { return }
    }
  }
  checkMemoryTrees(&grader)
}

extension Report {
  // Inlined, its closures crash the compiler (Swift 6.3.1, pass
  // ConstantCapturePropagation).
  @inline(never)
  fileprivate mutating func expect(
    _ bytes: StaticString, _ addressCells: Int, _ sizeCells: Int,
    is expected: Outcome
  ) {
    let reg = ByteView(bytes)
    expect(
      Outcome(reg, addressCells, sizeCells), is: expected,
      given: """
        a reg of \(reg.count) bytes, addresses of \(addressCells) cells, \
        sizes of \(sizeCells)
        """)
  }
}
