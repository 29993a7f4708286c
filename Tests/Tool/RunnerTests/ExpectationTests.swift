// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Runner

@Suite struct `An expectation` {
  func difference(_ expected: String, _ printed: String) throws -> [String]? {
    try Expectation(expected).difference(to: Transcript.lines(of: printed))?
      .lines
  }

  @Test(arguments: [
    ("a\nb", "a\nb"),
    ("a\nb", "a\r\nb\r\n"),
    ("a  \n\n", "\n\na"),
    ("", ""),
    ("...", ""),
    ("...", "a\nb"),
    ("a\n...\nd", "a\nb\nc\nd"),
    ("a\n...\nb", "a\nb"),
    ("a\n...\nb\n...\nb", "a\nb\nx\nb"),
    ("...\nlast", "last\nlast"),
    ("took {{[0-9]+}} ns", "took 12 ns"),
    ("{{a|b}}{{[0-9]{2}}}", "b42"),
    ("0x{{[0-9a-f]{4}}}000", "0xbeef000"),
    ("1 + 1 = [{{.}}]", "1 + 1 = [2]"),
  ])
  func `accepts`(expected: String, printed: String) throws {
    #expect(try difference(expected, printed) == nil)
  }

  @Test(arguments: [
    ("a", "A"), ("a", ""), ("", "a"), ("a\nb", "b\na"), ("a\n...", "b\na"),
    ("took {{[0-9]+}} ns", "took long"), ("{{[0-9]}}", "12"),
    ("a.c", "abc"), ("a\n...\nd", "a\nb\nc"), ("x...", "xyz"),
  ])
  func `refuses`(expected: String, printed: String) throws {
    #expect(try difference(expected, printed) != nil)
  }

  @Test func `shows both sides, with an arrow at the first difference`() throws
  {
    let lines = try difference("a\nb\nc\nd", "a\nb\nx\nd")
    #expect(
      lines == [
        "    - expected", "    + printed", "",
        "      a", "      b", " -> - c", "    + x", "      d",
      ])
  }

  @Test func `leaves out what agrees far away from the difference`() throws {
    let same = (1...50).map { "line \($0)" }.joined(separator: "\n")
    let lines = try #require(
      try difference(same + "\nend", same + "\nother"))
    #expect(lines.contains("      (47 lines as expected)"))
    #expect(lines.count < 12)
  }

  @Test func `a missing line is shown alone`() throws {
    let lines = try #require(try difference("a\nb\nc", "a\nc"))
    #expect(lines.filter { $0.contains("- ") }.last == " -> - b")
    #expect(!lines.dropFirst(3).contains { $0.contains("+ ") })
  }

  @Test func `an unreadable regular expression is named`() {
    #expect {
      try Expectation("a {{(}} b")
    } throws: { error in
      "\(error)".contains("a {{(}} b")
    }
  }
}
