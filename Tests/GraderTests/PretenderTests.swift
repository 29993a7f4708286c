// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import ExerciseGrading
@testable import Publishing
@testable import Runner

/// Answers that want more points than they deserve, and answers that are in the
/// way of others: graded in a class's repository, as a student would.
@Suite(
  .serialized,
  .enabled(
    if: ![nil, "sample"].contains(
      ProcessInfo.processInfo.environment["SWIFTKRAFT_TEST_GRADERS"]),
    "make test-graders"))
struct PretenderTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// One for all tests, so that the libraries are built once.
  private static let written = Result {
    let folder = root.appending(path: ".build/pretenders")
    try? FileManager.default.removeItem(at: folder)
    _ = try Handout(of: Project(root: root), with: Toolbox())
      .write(to: folder)
    return try Project(root: folder)
  }

  private let handout: Project
  private let course: Project
  private let toolbox = Toolbox()

  init() throws {
    course = try Project(root: Self.root)
    handout = try Self.written.get()
  }

  private func files(_ id: String) throws -> ExerciseFiles {
    let exercise = try #require(
      handout.table.exercises.first { $0.id == id })
    return try ExerciseFiles(exercise, in: handout)
  }

  /// Puts an answer in the student's file.
  private func answer(_ id: String, _ text: String) throws {
    try Data(text.utf8).write(to: files(id).own)
  }

  /// The course's own answer, with a change.
  private func solution(
    _ id: String, _ change: (String) -> String = { $0 }
  ) throws -> String {
    let exercise = try #require(
      course.table.exercises.first { $0.id == id })
    return change(try ExerciseFiles(exercise, in: course).answer())
  }

  /// A file for 1.1 that does `body` in place of writing a size.
  private func sizes(_ body: String) -> String {
    """
    import Boot
    import Console

    extension TextOutput where Self: ~Copyable {
      public mutating func write(size bytes: UInt64) {
        \(body)
      }
    }

    """
  }

  private func grade(_ id: String) throws -> Grade {
    let grader = ExerciseGrader(handout, with: toolbox, timeout: 5)
    return try #require(try grader.grade([files(id).exercise]).first)
  }

  // MARK: - Forging

  @Test(arguments: [
    // Ends well before any check can fail.
    "exit(0)",
    // Imitates the lines, with a digest of its own.
    """
    print("[grade] 1.1 begin 1 0123456789abcdef")
    print("[grade] 1.1 check 1 pass 0123456789abcdef it works")
    print("[grade] 1.1 end 0123456789abcdef")
    exit(0)
    """,
    // Prints what the grader prints, from behind its back.
    "SystemConsole.use(.init(write: { _ in }, read: { -1 }))",
    // Takes the key from where it comes from.
    """
    #if arch(riscv64)
      var console = SBIConsole()
      while let byte = console.read() { console.write(byte) }
      var words = Board.arguments
      while let word = words.next() { print("\\(word)") }
    #else
      while let line = readLine() { Swift.print(line) }
      Swift.print(CommandLine.arguments)
    #endif
    """,
    // Without end: in time, in output, in depth.
    "while true {}",
    "while true { print(\"[grade] 1.1 check 1 pass 0123456789abcdef x\") }",
    "write(size: bytes &+ 1); write(size: bytes)",
    // A trap.
    "_ = bytes / (bytes &- bytes)",
  ])
  func `scores 0`(body: String) throws {
    try answer("1.1", sizes(body))
    let grade = try grade("1.1")
    #expect(grade.points == 0, "\(grade.problems)")
    for problem in grade.problems { #expect(problem.utf8.count < 10_000) }
  }

  /// These are refused before they are built.
  @Test(arguments: [
    "import Grading", "import Glibc",
    "@_silgen_name(\"exit\") func leave(_: Int32) -> Never",
    "public func == (a: UInt64, b: UInt64) -> Bool { true }",
  ])
  func `is not accepted`(line: String) throws {
    try answer("1.1", line + "\n" + solution("1.1"))
    guard case .notAccepted = try grade("1.1").state else {
      Issue.record("\(line) was accepted")
      return
    }
  }

  /// An entry of the init table runs before the program.
  @Test func `an entry before the program cannot take the key`() throws {
    try answer(
      "1.1",
      sizes("") + """
        #if arch(riscv64)
          enum Early {
            @section(".init_table.4.00") @used
            static let entry: InitEntry = (
              start: {
                var console = SBIConsole()
                while let byte = console.read() { console.write(byte) }
              }, stop: {}
            )
          }
        #endif

        """)
    #expect(try grade("1.1").points == 0)
  }

  // MARK: - Half-done

  @Test func `a missing part loses its checks, and the others count`() throws {
    try answer(
      "1.2",
      solution("1.2") { text in
        let range = text.range(of: "public mutating func read() -> UInt8? {")
        guard let range else { return "" }
        return "import Todo\n"
          + text.replacingCharacters(
            in: range,
            with: "public mutating func read() -> UInt8? {\n todo(\"1.2\")")
      })
    let grade = try grade("1.2")
    #expect(grade.points > 10 && grade.points < 20, "\(grade.problems)")
    #expect(grade.problems.contains { $0.contains(GradeLog.notWritten) })
  }

  @Test func `a comment does not make a stub of an answer`() throws {
    try answer("1.1", "/* todo(\"1.1\") */\n" + solution("1.1"))
    #expect(try grade("1.1").isFull)
  }

  @Test func `nothing but todo is not started`() throws {
    try answer("1.1", files("1.1").stub() + "\n// Next week.\n")
    #expect(try grade("1.1").state == .notStarted)
  }

  // MARK: - Handed in

  @Test func `the course's own answers in a whole clone score 0`() throws {
    let folder = Self.root.appending(path: ".build/pretender-results")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Self.root.appending(path: "chapters"),
      to: folder.appending(path: "chapters"))
    var command = Command(
      Self.root.appending(path: ".github/gradescope/run_autograder"), [])
    command.environment = [
      "COURSE": handout.root.path, "SUBMISSION": folder.path,
      "RESULTS": folder.path,
    ]
    let answer = try command.run(within: 900)
    #expect(answer.succeeded, "\(answer.text)\(answer.complaint)")
    let results = try String(
      contentsOf: folder.appending(path: "results.json"), encoding: .utf8)
    #expect(results.contains("\"score\" : 0,\n  \"tests\""))
    #expect(!results.contains("\"status\" : \"passed\""))
  }

  // MARK: - In the way

  @Test func `an answer that its chapter cannot link is not full`() throws {
    // The checks' image links: it is compiled for speed.
    try answer("1.1", Self.wide)
    let grade = try grade("1.1")
    #expect(grade.points == 9, "\(grade.problems)")
    #expect(grade.problems.contains { $0.contains("does not link") })
    #expect(grade.problems.contains { $0.contains("128 bits") })
  }

  /// Right, but for a shift of 128 bits.
  private static let wide = """
    import Console

    extension TextOutput where Self: ~Copyable {
      public mutating func write(size bytes: UInt64) {
        var shift: UInt64 = 0
        while shift < 60, bytes >> shift >= 1024 { shift += 10 }
        let (high, low) = bytes.multipliedFullWidth(by: 10)
        let wide = UInt128(high) << 64 | UInt128(low)
        let tenths = UInt64(truncatingIfNeeded: wide >> UInt128(shift))
        write(unsigned: tenths / 10)
        if bytes & ((1 << shift) - 1) != 0 {
          write(".")
          write(unsigned: tenths % 10)
        }
        switch shift {
        case 0: write(bytes == 1 ? " byte" : " bytes")
        case 10: write(" KiB")
        case 20: write(" MiB")
        case 30: write(" GiB")
        case 40: write(" TiB")
        case 50: write(" PiB")
        default: write(" EiB")
        }
      }
    }

    """

  @Test func `what is wrong with one costs no other a point`() throws {
    try answer("1.1", "this is not Swift\n")
    try FileManager.default.removeItem(at: files("1.3").own)
    try answer(
      "1.2", solution("1.2") + "\nstruct Report { func expect() {} }\n")
    let grader = ExerciseGrader(handout, with: toolbox)
    let grades = try grader.grade(
      handout.table.exercises.filter { $0.chapter == 1 })
    #expect(
      grades.map(\.word) == ["does not compile", "done", "does not compile"])
    #expect(grades[0].problems.first?.contains("Sizes.swift:1:") == true)
    #expect(grades[2].problems.first?.contains("is missing") == true)
  }
}
