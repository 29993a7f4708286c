// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Grading
import Hart
import Testing
import Todo

/// Runs two checks, of which the second fails, as the arguments ask for, and
/// lets the standard output see it.
private func gradeExample(_ arguments: StaticString, isKeyed: Bool = true) {
  SystemConsole.use(
    .init(
      write: { byte in
        var output = StandardOutput()
        output.write(byte)
      }, read: { -1 }))
  let key = GradingKey(ByteView("000102030405060708090a0b0c0d0e0f"))
  var grader = Grader(
    Arguments(ByteView(arguments)), key: isKeyed ? key : nil)
  grader.grade("1.2", in: "Exercises/Port.swift") { grader in
    grader.check("two is two") { report in
      report.expect(2, is: 2, given: "2")
    }
    grader.check("a text is itself") { report in
      _ = report.random()
      var text = CapturedText()
      text.write("b\n")
      report.expect(text, is: "a", given: "the text \("b")")
      report.expect(1, is: 2, given: "what nobody reads any more")
    }
  }
}

/// The digest of a text under the key of these tests.
private func digest(_ text: StaticString) throws -> String {
  var hash = SipHash(
    key: try #require(
      GradingKey(ByteView("000102030405060708090a0b0c0d0e0f"))))
  hash.write(text)
  let digits = String(hash.digest(), radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

extension ExitTest.Result {
  fileprivate var lines: [Substring] {
    String(decoding: standardOutputContent, as: UTF8.self)
      .split(separator: "\n")
  }
}

@Suite struct ProtocolTests {
  @Test func `each check has its lines, and what passes has a digest`()
    async throws
  {
    let result = try #require(
      await #expect(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) {
        gradeExample("seed=9")
      })
    #expect(
      result.lines == [
        "[grade] 1.2 begin 2 \(try digest("1.2/begin/2"))",
        "[grade] 1.2 check 1 try two is two",
        "[grade] 1.2 check 1 pass \(try digest("1.2/1/two is two")) two is two",
        "[grade] 1.2 check 2 try a text is itself",
        "[grade] 1.2 check 2 fail a text is itself",
        "  file      Exercises/Port.swift",
        "  given     the text b",
        "  expected  \"a\"",
        "  got       \"b\\n\"",
        "  seed      9",
        "  next      make hint EX=1.2",
        "[grade] 1.2 end \(try digest("1.2/end"))",
      ])
  }

  @Test func `list names the checks and runs none`() async throws {
    let result = try #require(
      await #expect(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) { gradeExample("list") })
    #expect(
      result.lines == [
        "[grade] 1.2 list 1 two is two", "[grade] 1.2 list 2 a text is itself",
      ])
  }

  @Test func `checks that have run before are counted and left out`()
    async throws
  {
    let result = try #require(
      await #expect(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) { gradeExample("from=2") })
    #expect(
      result.lines.prefix(2) == [
        "[grade] 1.2 begin 2 \(try digest("1.2/begin/2"))",
        "[grade] 1.2 check 2 try a text is itself",
      ])
  }

  @Test func `an exercise is graded once`() async {
    await #expect(processExitsWith: .failure) {
      var grader = Grader(Arguments(ByteView("")))
      grader.grade("1.2", in: "x") { _ in }
      grader.grade("1.2", in: "x") { _ in }
    }
  }

  @Test func `without a key no digest is right`() async throws {
    let result = try #require(
      await #expect(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) { gradeExample("", isKeyed: false) })
    #expect(result.lines.first == "[grade] 1.2 begin 2 0000000000000000")
  }

  @Test func `a missing part says so and ends the program`() async throws {
    let result = try #require(
      await #expect(
        processExitsWith: .exitCode(77), observing: [\.standardOutputContent]
      ) { todo("1.2") })
    #expect(result.lines == ["[grade] 1.2 todo"])
  }
}
