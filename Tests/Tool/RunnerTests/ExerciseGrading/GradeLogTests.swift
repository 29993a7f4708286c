// SPDX-License-Identifier: BSD-3-Clause

import Grading
import Hart
import Testing

@testable import ExerciseGrading
@testable import Runner

/// A console as a grading program with this key would fill it.
struct FakeConsole {
  static let key = "000102030405060708090a0b0c0d0e0f"

  var lines: [String] = []

  static func digest(_ text: String) throws -> String {
    let key = try #require(
      GradingKey(ByteView("000102030405060708090a0b0c0d0e0f")))
    var hash = SipHash(key: key)
    for byte in "1.2/\(text)".utf8 { hash.write(byte) }
    let digits = String(hash.digest(), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  mutating func say(_ words: String) { lines.append("[grade] 1.2 \(words)") }

  mutating func begin(_ count: Int) throws {
    say("begin \(count) \(try Self.digest("begin/\(count)"))")
  }

  mutating func attempt(_ number: Int, _ name: String = "it works") {
    say("check \(number) try \(name)")
  }

  mutating func pass(_ number: Int, _ name: String = "it works") throws {
    say("check \(number) pass \(try Self.digest("\(number)/\(name)")) \(name)")
  }

  mutating func end() throws { say("end \(try Self.digest("end"))") }

  mutating func fail(_ number: Int, _ name: String = "it works") {
    say("check \(number) fail \(name)")
  }

  var log: GradeLog { GradeLog(lines, exercise: "1.2", key: Self.key) }
}

@Suite struct `The log of a grading program` {
  var console = FakeConsole()

  // MARK: - Each line

  @Test mutating func `begin says how many checks there are`() throws {
    try console.begin(4)
    #expect(console.log.total == 4)
    #expect(!console.log.isComplete)
  }

  @Test mutating func `pass counts its check`() throws {
    try console.begin(2)
    console.attempt(1)
    try console.pass(1)
    #expect(console.log.passed == [1])
    #expect(console.log.open == nil)
    #expect(console.log.failures.isEmpty)
  }

  @Test mutating func `fail names its check`() throws {
    try console.begin(1)
    console.attempt(1, "a long name")
    console.fail(1, "a long name")
    let failure = GradeLog.Failure(check: 1, name: "a long name", lines: [])
    #expect(console.log.failures == [failure])
    #expect(console.log.passed.isEmpty)
  }

  @Test mutating func `end says that all checks have run`() throws {
    try console.begin(1)
    console.attempt(1)
    try console.pass(1)
    try console.end()
    #expect(console.log.isComplete)
  }

  @Test mutating func `todo says that it was called`() {
    console.say("todo")
    #expect(console.log.saidTodo)
    #expect(console.log.total == nil)
  }

  @Test(arguments: ["unknown", "list 1 a name", "begin", "check 1", "check"])
  mutating func `other lines prove nothing`(line: String) {
    console.say(line)
    let log = console.log
    #expect(log.total == nil && log.passed.isEmpty && log.failures.isEmpty)
    #expect(!log.saidTodo && !log.isComplete && log.open == nil)
  }

  @Test(arguments: [
    "todo yet", "todone", "end", "end of it", "end 0000000000000000",
  ])
  mutating func `what only looks like a line is none`(line: String) {
    console.say(line)
    #expect(!console.log.saidTodo)
    #expect(!console.log.isComplete)
  }

  // MARK: - What does not count

  @Test(arguments: ["0000000000000000", "", "pass", "0123456789abcdef"])
  mutating func `begin does not count with a wrong digest`(digest: String) {
    console.say("begin 4 \(digest)")
    #expect(console.log.total == nil)
  }

  @Test(arguments: ["0000000000000000", "", "pass", "0123456789abcdef"])
  mutating func `pass does not count with a wrong digest`(
    digest: String
  ) throws {
    try console.begin(1)
    console.attempt(1)
    console.say("check 1 pass \(digest) it works")
    try console.end()
    #expect(console.log.passed.isEmpty)
    #expect(console.log.open?.check == 1)
    #expect(!console.log.isComplete)
  }

  @Test mutating func `a digest counts for its own check and name only`() throws
  {
    try console.begin(2)
    let digest = try FakeConsole.digest("1/it works")
    console.say("check 2 pass \(digest) it works")
    console.say("check 1 pass \(digest) it always works")
    #expect(console.log.passed.isEmpty)
  }

  @Test mutating func `nothing counts under a key that is none`() throws {
    try console.begin(1)
    try console.pass(1)
    let log = GradeLog(console.lines, exercise: "1.2", key: "")
    #expect(log.total == nil && log.passed.isEmpty)
  }

  @Test mutating func `a check that passes twice counts once`() throws {
    try console.begin(3)
    for _ in 0..<3 { try console.pass(2) }
    #expect(console.log.passed == [2])
  }

  @Test(arguments: [0, -1, 3, Int.max])
  mutating func `a check that was not counted cannot pass`(number: Int) throws {
    try console.begin(2)
    try console.pass(number)
    #expect(console.log.passed.isEmpty)
  }

  @Test mutating func `no check passes before a valid begin`() throws {
    console.say("begin 2 0000000000000000")
    try console.pass(1)
    #expect(console.log.passed.isEmpty)
  }

  @Test mutating func `a second valid begin makes the log worthless`() throws {
    try console.begin(1)
    console.attempt(1)
    try console.pass(1)
    try console.begin(1)
    try console.pass(1)
    try console.end()
    #expect(console.log.total == nil)
    #expect(console.log.passed.isEmpty)
    #expect(console.log.isContradictory)
  }

  @Test mutating func `a second begin without its digest is only a print`()
    throws
  {
    try console.begin(2)
    console.say("begin 1 0000000000000000")
    #expect(console.log.total == 2)
    #expect(!console.log.isContradictory)
  }

  @Test mutating func `lines of another exercise are ignored`() throws {
    try console.begin(1)
    try console.pass(1)
    try console.end()
    let other = console.lines.map {
      $0.replacing("[grade] 1.2 ", with: "[grade] 11.2 ")
    }
    let log = GradeLog(other, exercise: "1.2", key: FakeConsole.key)
    #expect(log.total == nil && log.passed.isEmpty && !log.isComplete)
    let longer = GradeLog(
      console.lines, exercise: "1.20", key: FakeConsole.key)
    #expect(longer.total == nil && !longer.isComplete)
  }

  // MARK: - Lines in the midst of others

  @Test(arguments: [
    "no end of the line", "[grade] 1.2 ", "[grade] 1.2 check 1 pass ", "  ",
    "\u{600}", "e\u{301}", "🧪\u{200D}", "\u{FFFD}",
  ])
  mutating func `a line may follow unfinished output`(output: String) throws {
    try console.begin(1)
    console.attempt(1)
    try console.pass(1)
    try console.end()
    let lines = console.lines.map { output + $0 }
    let log = GradeLog(lines, exercise: "1.2", key: FakeConsole.key)
    #expect(log.total == 1)
    #expect(log.passed == [1])
    #expect(log.isComplete)
  }

  @Test mutating func `the last check without an answer stays open`() throws {
    try console.begin(2)
    console.attempt(1)
    try console.pass(1)
    console.attempt(2, "it traps")
    #expect(console.log.open?.name == "it traps")
    #expect(!console.log.isComplete)
  }

  @Test mutating func `an earlier check without an answer has failed`() throws {
    try console.begin(2)
    console.attempt(1, "it vanishes")
    console.attempt(2)
    try console.pass(2)
    try console.end()
    let failure = GradeLog.Failure(
      check: 1, name: "it vanishes", lines: ["no answer"])
    #expect(console.log.failures == [failure])
    #expect(console.log.passed == [2])
    #expect(console.log.isComplete)
  }

  // MARK: - Explanations

  @Test mutating func `explanations belong to the failure above`() throws {
    try console.begin(2)
    console.fail(1, "one")
    console.lines += ["  given     1", "  got       2"]
    console.fail(2, "two")
    console.lines += ["  given     3"]
    #expect(console.log.failures.map(\.name) == ["one", "two"])
    #expect(
      console.log.failures.map(\.lines) == [
        ["given     1", "got       2"], ["given     3"],
      ])
  }

  @Test mutating func `other output is no explanation`() throws {
    try console.begin(2)
    console.lines += ["  before"]
    console.fail(1)
    console.lines += ["  given     1", "the exercise prints", "  indented"]
    console.attempt(2)
    console.lines += ["  behind a try"]
    #expect(console.log.failures.map(\.lines) == [["given     1"]])
  }

  @Test mutating func `an explanation may quote the grader`() throws {
    try console.begin(1)
    console.fail(1)
    console.lines += [
      "  got       \"[grade] 1.2 todo\"",
      "  next      make hint EX=1.2",
    ]
    #expect(console.log.failures.first?.lines.count == 2)
    #expect(!console.log.saidTodo)
  }

  // MARK: - Garbage

  @Test(arguments: 0..<40 as Range<UInt64>)
  mutating func `garbage neither traps nor proves anything`(
    seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let pieces = [
      "[grade] 1.2 ", "[grade] 1.3 ", "[grade]", "begin ", "check ", "try ",
      "pass ", "fail ", "end", "todo", "  ", " ", "", "1 ", "-1 ",
      "99999999999999999999 ", "0000000000000000 ", "\u{301}", "\u{600}",
      "\r", "\u{0}", "🧪", "\u{FFFD}", "name",
    ]
    for _ in 0..<200 {
      var line = ""
      for _ in 0..<random.next(below: 9) {
        line += pieces.randomElement(using: &random) ?? ""
      }
      console.lines.append(line)
    }
    #expect(console.log.total == nil, "seed \(seed)")
    #expect(console.log.passed.isEmpty, "seed \(seed)")
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  mutating func `a damaged log never proves more than the whole one`(
    seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    try console.begin(3)
    for number in 1...3 {
      console.attempt(number)
      try console.pass(number)
    }
    try console.end()
    for _ in 0..<8 {
      let index = Int(random.next(below: UInt64(console.lines.count)))
      var bytes = Array(console.lines[index].utf8)
      guard !bytes.isEmpty else { continue }
      bytes[Int(random.next(below: UInt64(bytes.count)))] =
        UInt8(truncatingIfNeeded: random.next())
      console.lines[index] = String(decoding: bytes, as: UTF8.self)
    }
    #expect(console.log.passed.isSubset(of: [1, 2, 3]), "seed \(seed)")
    #expect([nil, 3].contains(console.log.total), "seed \(seed)")
  }
}
