// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import ExerciseGrading
@testable import Runner

extension Grade.State {
  static let full = graded([.init(2, of: 2), .init(2, of: 2, on: .booted)])
  static let half = graded([
    .init(2, of: 2),
    SideGrade(
      side: .booted, total: nil, passed: 0,
      failures: [
        .init(
          name: "it works",
          lines: ["file      x", "given     1", "next      hint"])
      ], interruption: ["It stopped.", "here"]),
  ])
  static let broken = doesNotCompile(["Sizes.swift:1:2: error: no"])
}

@Suite struct `A table of grades` {
  let clone: MadeUpClone

  init() throws { clone = try MadeUpClone() }

  func lines(_ states: Grade.State...) throws -> [String] {
    let grades = zip(clone.exercises, states).map { Grade($0, $1) }
    return try GradeTable(grades, of: clone.project).lines()
  }

  // MARK: - Rows

  @Test func `shows what is done and what is not begun`() throws {
    #expect(
      try lines(.full, .notStarted, .notStarted) == [
        "chapter 1: Boot",
        "  1.1  ★    Sizes that people read  10 of 10  done",
        "  1.2  ★★   A port                   0 of 20  not started, "
          + "about 60 min",
        "",
        "chapter 2: Traps",
        "  2.1  ★★★  Ticks                    0 of 30  not started, "
          + "about 90 min",
        "",
        "10 of 60 points; what is left should take about 2 h 30 min.",
        "1 of 3 is done.",
        "Next: 1.2 A port, in chapters/ch1-boot/Exercises/Port.swift",
      ])
  }

  @Test func `leaves out chapters without a grade`() throws {
    #expect(try !lines(.full).contains { $0.hasPrefix("chapter 2") })
  }

  @Test func `says what the compiler said`() throws {
    let lines = try lines(.broken)
    #expect(lines[1].hasSuffix(" 0 of 10  does not compile, about 20 min"))
    #expect(
      lines[3...4] == [
        "✗ 1.1 Sizes that people read: "
          + "chapters/ch1-boot/Exercises/Sizes.swift does not compile",
        "    Sizes.swift:1:2: error: no",
      ])
  }

  @Test func `says what failed where, without what is known`() throws {
    let lines = try lines(.half)
    #expect(lines[1].contains(" 5 of 10  partly, about 20 min"))
    #expect(
      lines[3...9] == [
        "✗ 1.1 Sizes that people read: chapters/ch1-boot/Exercises/Sizes.swift",
        "  booted, 0 of all checks passed",
        "    ✗ it works",
        "      given     1",
        "    It stopped.",
        "    here",
        "    next      make hint EX=1.1",
      ])
  }

  /// A side with six checks, of which two have failed; one counts three times.
  func weighted(_ side: Side) -> SideGrade {
    var grade = SideGrade(
      side: side, total: 9, passed: 5,
      failures: [
        .init(name: "heavy", lines: ["got 1"], worth: 3),
        .init(name: "light", lines: ["got 2"]),
      ], interruption: nil)
    grade.checkCount = 6
    return grade
  }

  @Test func `counts each check once, and says as how many it counts`() throws {
    let lines = try lines(.graded([weighted(.host)]))
    #expect(
      lines[4...8] == [
        "  on this machine, 4 of 6 checks passed",
        "    ✗ heavy (counts as 3 checks)", "      got 1",
        "    ✗ light", "      got 2",
      ])
  }

  @Test func `tells once what is the same on both sides`() throws {
    let lines = try lines(.graded([weighted(.host), weighted(.booted)]))
    #expect(lines[9] == "  booted, 4 of 6 checks passed: the same")
    #expect(lines[10] == "    next      make hint EX=1.1")
  }

  @Test func `says failed where nothing passed`() throws {
    let lines = try lines(.graded([.init(0, of: 2)]))
    #expect(lines[1].contains(" 0 of 10  failed, about 20 min"))
    #expect(lines.contains("  on this machine, 0 of 2 checks passed"))
  }

  // MARK: - The end

  @Test func `ends with the points if nothing is left`() throws {
    #expect(
      try lines(.full, .full, .full).last
        == "60 of 60 points: every check passes.")
    #expect(try lines(.full).last == "10 of 10 points: every check passes.")
  }

  @Test func `adds up points and times`() throws {
    let lines = try lines(.half, .full, .full)
    #expect(
      lines.contains(
        "55 of 60 points; what is left should take about 20 min."))
  }

  @Test func `proposes what builds on nothing that is missing`() throws {
    #expect(try lines(.notStarted).last?.hasPrefix("Next: 1.1 ") == true)
    #expect(
      try lines(.half, .notStarted, .notStarted).last?
        .hasPrefix("Next: 1.1 ") == true)
    let reversed = [clone.exercises[1], clone.exercises[0]]
      .map { Grade($0, .notStarted) }
    let table = GradeTable(reversed, of: clone.project)
    #expect(try table.lines().last?.hasPrefix("Next: 1.1 ") == true)
  }

  @Test(
    arguments: [
      ([.notStarted], "Nothing is lost yet: points come check by check."),
      (
        [.notStarted, .half, .broken], "You have begun: 2 of 3 under way."
      ),
      ([.full, .notStarted, .notStarted], "1 of 3 is done."),
      ([.full, .full, .notStarted], "2 of 3 are done."),
      ([.full, .half, .notStarted], "1 of 3 is done, and 1 under way."),
      ([.full, .full, .broken], "2 of 3 are done, and 1 under way."),
    ] as [([Grade.State], String)])
  func `encourages with what is true`(
    states: [Grade.State], words: String
  ) throws {
    let grades = zip(clone.exercises, states).map { Grade($0, $1) }
    let lines = try GradeTable(grades, of: clone.project).lines()
    #expect(lines.dropLast().last == words)
  }
}
