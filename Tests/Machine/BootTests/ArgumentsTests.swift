// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Hart
import Testing

@Suite struct ArgumentsTests {
  /// Runs `body` with the arguments of `line`.
  private func with<Result>(
    _ line: String, _ body: (Arguments) -> Result
  ) -> Result {
    let bytes = Array(line.utf8) + [0]
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { fatalError("no bytes") }
      return unsafe body(Arguments(ByteView(at: base, count: buffer.count)))
    }
  }

  private func words(_ line: String) -> [String] {
    with(line) { arguments in
      var arguments = arguments
      var words: [String] = []
      while let word = arguments.next() {
        words.append(
          String(decoding: word.indices.map { word[$0] }, as: UTF8.self))
      }
      return words
    }
  }

  @Test func `words are separated by spaces`() {
    #expect(words("one two  three") == ["one", "two", "three"])
  }

  @Test func `spaces at the ends do not count`() {
    #expect(words("  one\t") == ["one"])
  }

  @Test func `an empty line has no words`() {
    #expect(words("") == [])
    #expect(words("   ") == [])
  }

  @Test func `a zero byte ends the line`() {
    #expect(words("one\0two") == ["one"])
  }

  @Test(arguments: [
    ("status=3", 3), ("a status=0 b", 0), ("status=12 status=13", 12),
    ("status=9223372036854775807", Int.max),
  ])
  func `a number is found by its name`(line: String, value: Int) {
    #expect(with(line) { $0.integer("status") } == value)
  }

  @Test(arguments: [
    "", "status", "status=", "status=x", "status=-1", "status=1x",
    "mystatus=3", "status=9223372036854775808",
    "status=99999999999999999999999", "=3",
  ])
  func `what is not a number of that name is nil`(line: String) {
    #expect(with(line) { $0.integer("status") } == nil)
  }

  @Test func `a value may hold an equals sign`() {
    let matches = with("key=a=b") { arguments in
      arguments.value(of: "key").map { $0 == "a=b" }
    }
    #expect(matches == true)
  }
}
