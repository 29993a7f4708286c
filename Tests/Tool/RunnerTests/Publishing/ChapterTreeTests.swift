// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import ExerciseGrading
@testable import Publishing
@testable import Runner

@Suite struct `The part of the course up to a chapter` {
  static let manifest = """
    let courseTable = \"""
      1  | boot  | Boot  | ready
      2  | traps | Traps | ready
      12 | disks | Disks | draft
      \"""
    let libraryTable = \"""
      Hart  | Machine | 0 | 1  |
      Traps | Machine | 1 | 2  | Hart
      Disks | Machine | 1 | 12 | Hart
      \"""
    let exerciseTable = \"""
      1.1  | Sizes  | Sizes | 10 | 1 | 20 | -
      2.1  | Ticker | Ticks | 30 | 3 | 90 | -
      12.1 | Blocks | Disk  | 30 | 3 | 90 | 2.1
      \"""
    let boardFlagTable = \"""
      -wmo
      \"""
    """

  let table: CourseTable

  init() throws { table = try CourseTable(manifest: Self.manifest) }

  func part(_ number: Int) -> ChapterTree {
    ChapterTree(table: table, number: number)
  }

  /// What is left of some lines.
  func lines(_ number: Int, of path: String, _ lines: [String]) -> [String] {
    part(number).text(of: path, whole: lines.joined(separator: "\n"))
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test func `has the workflow of its own exercises`() {
    let text = part(2).text(of: ClassroomFile.path, whole: "all")
    #expect(text.contains("make grade-2.1 STRICT=1"))
    #expect(!text.contains("make grade-12.1"))
    #expect(text == ClassroomFile(of: Array(table.exercises[..<2])).text)
  }

  // MARK: - Files

  @Test(arguments: [
    "chapters/ch2-traps/main.swift", "chapters/ch2-traps/Hints/2.1.md",
    "Sources/Machine/Traps/Trap.swift",
    "Tests/Machine/TrapsTests/TrapTests.swift",
    "Tests/Exercises/Ch2Checks/Ticker/TickerChecks.swift",
    "Tests/ExerciseTests/Ch2.swift",
  ])
  func `begins with the chapter that introduces a file`(path: String) {
    let holds = [1, 2, 12].map { part($0).holds(path) { "" } }
    #expect(holds == [false, true, true])
  }

  @Test(arguments: [
    "Package.swift", "Makefile", "chapters/ch1-boot/main.swift",
    "Sources/Machine/Hart/CSR.swift", "Tests/Todo/Todo.swift",
    "Tests/ExerciseTests/ExerciseTests.swift",
    "Sources/Machine/TrapsAndMore/a.swift",
    "Tests/Exercises/Ch1Checks/Sizes/main.swift",
  ])
  func `always holds what no later chapter introduces`(path: String) {
    #expect(part(1).holds(path) { "" })
  }

  @Test(arguments: [
    "book/index.md", "book/chapters/ch1-boot.md", ".ci/run",
    ".github/workflows/ci.yml",
  ])
  func `never holds what speaks of the whole course`(path: String) {
    let holds = [1, 2, 12].map { part($0).holds(path) { "" } }
    #expect(holds == [false, false, false])
  }

  @Test(arguments: [
    ("import Hart\n", [true, true, true]),
    ("import Hart\nimport Traps\n", [false, true, true]),
    ("import Disks\nimport Traps", [false, false, true]),
    ("// import Traps\n", [true, true, true]),
    ("import TrapsAndMore\n", [true, true, true]),
  ])
  func `holds a test image if it holds what that imports`(
    text: String, holds: [Bool]
  ) {
    let found = [1, 2, 12].map { part($0).holds("Tests/Images/a/b") { text } }
    #expect(found == holds)
  }

  @Test func `reads no file whose place tells`() {
    struct Unread: Error {}
    #expect(throws: Never.self) {
      _ = try part(1).holds("Sources/Machine/Traps/Trap.swift") {
        throw Unread()
      }
      _ = try part(1).holds("README.md") { throw Unread() }
    }
  }

  // MARK: - Lines

  @Test func `has rows of its own chapters only`() throws {
    for number in [1, 2, 12] {
      let manifest = part(number).text(
        of: "Package.swift", whole: Self.manifest)
      let found = try CourseTable(manifest: manifest)
      #expect(found.chapters == table.chapters.filter { $0.number <= number })
      #expect(
        found.libraries == table.libraries.filter { $0.chapter <= number })
      #expect(
        found.exercises == table.exercises.filter { $0.chapter <= number })
    }
  }

  @Test func `of the last chapter is the whole text`() {
    let whole = "\n\n| 2 | a |\nch12 \n\n"
    #expect(part(12).text(of: "README.md", whole: whole) == whole)
  }

  @Test(arguments: [
    "| [2 Traps](chapters/ch2-traps/README.md) | ticks | ready |",
    "| `make run-ch2 ARGS=\"a b\"` | boots chapter 2 |",
    "| `make test-ch2` | boots it and checks what it prints |",
    "make run-ch2", "| 2 | Traps |", "- [Traps](chapters/ch2-traps.md)",
    "| 2.1 | Ticker |",
  ])
  func `has no line that names a later chapter`(line: String) {
    #expect(lines(1, of: "README.md", ["a", line, "b"]) == ["a", "b"])
    #expect(lines(2, of: "README.md", ["a", line, "b"]) == ["a", line, "b"])
  }

  @Test(arguments: [
    "make run-ch1", "| 1 | Boot |", "make run-ch21", "batch2", "arch2x",
    "`ch1`, `ch2`, …", "chapter 2 explains exceptions", "| 22 | a |", "a || 2",
    "2",
    "| Trapsing | a | b |",
  ])
  func `keeps every other line`(line: String) {
    #expect(lines(1, of: "README.md", ["a", line, "b"]) == ["a", line, "b"])
  }

  @Test(arguments: [
    "| `make branches` | writes the branches `ch1`, `ch2`, … |",
    "- Or read the longer chapter in the book: `make book-open`.",
    "How to contribute: [.github/CONTRIBUTING.md](.github/CONTRIBUTING.md).",
  ])
  func `has no line that needs the main branch`(line: String) {
    #expect(lines(12, of: "README.md", ["a", line, "b"]) == ["a", "b"])
  }

  @Test func `knows chapter 1 from chapter 12`() {
    let text = ["run-ch1", "run-ch12", "| 1 | a |", "| 12 | b |", "1.1 | c"]
    #expect(
      lines(2, of: "README.md", text) == ["run-ch1", "| 1 | a |", "1.1 | c"])
  }

  @Test func `has a map of its own libraries only`() {
    let text = [
      "| a trap | [Trap.swift](Machine/Traps/Trap.swift) |",
      "| a disk | [a.swift](Machine/Disks/a.swift) |",
    ]
    #expect(lines(2, of: "Sources/README.md", text) == [text[0]])
  }

  @Test func `is chosen by lines in a few files only`() {
    let files = [
      "Package.swift", "README.md", "Sources/README.md", "Makefile",
      "chapters/ch1-boot/README.md",
      "Tests/CourseTests/budgets.txt", "Tests/CourseTests/other-systems.txt",
    ]
    #expect(
      files.filter(ChapterTree.hasLinesOfChapters) == [
        "Package.swift", "README.md", "Sources/README.md",
        "Tests/CourseTests/budgets.txt",
        "Tests/CourseTests/other-systems.txt",
      ])
    #expect(lines(1, of: "Makefile", ["run-ch2"]) == ["run-ch2"])
  }
}
