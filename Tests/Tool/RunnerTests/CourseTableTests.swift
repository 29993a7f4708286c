// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Runner

@Suite struct `The course's tables` {
  func manifest(chapters: String, libraries: String = "") -> String {
    """
    let courseTable = \"""
    \(chapters)
      \"""
    let libraryTable = \"""
    \(libraries)
      \"""
    let exerciseTable = \"""
      \"""
    let boardFlagTable = \"""
      -wmo
      \"""
    """
  }

  @Test func `a row becomes a chapter`() throws {
    let table = try CourseTable(
      manifest: manifest(chapters: "  12 | block  | Block drivers | draft"))
    #expect(
      table.chapters == [
        Chapter(
          number: 12, name: "block", title: "Block drivers", state: .draft)
      ])
    #expect(table.chapters[0].image == "ch12")
    #expect(table.chapters[0].folder == "chapters/ch12-block")
  }

  @Test func `a row becomes a library`() throws {
    let table = try CourseTable(
      manifest: manifest(
        chapters: "", libraries: "  SBI | Machine | 1 | 2 | Hart CHart"))
    #expect(
      table.libraries == [
        Library(
          name: "SBI", wing: "Machine", floor: 1, chapter: 2,
          imports: ["Hart", "CHart"])
      ])
  }

  @Test func `the newest chapter is the last one that is ready`() throws {
    let table = try CourseTable(
      manifest: manifest(
        chapters: "1 | a | A | ready\n2 | b | B | ready\n3 | c | C | draft"))
    #expect(table.newest?.image == "ch2")
  }

  @Test(arguments: [
    "1 | boot | Boot", "one | boot | Boot | ready", "0 | boot | Boot | ready",
    "1 | | Boot | ready", "1 | boot | Boot | finished",
  ])
  func `a malformed row is refused, and quoted`(row: String) {
    #expect {
      try CourseTable(manifest: manifest(chapters: row))
    } throws: { error in
      "\(error)".contains("ready or draft")
    }
  }

  @Test func `a chapter twice is refused`() {
    #expect(throws: CourseTableError.repeated("ch1")) {
      try CourseTable(
        manifest: manifest(chapters: "1 | a | A | ready\n1 | b | B | ready"))
    }
  }

  @Test func `a manifest without a table is refused`() {
    #expect(throws: CourseTableError.missing("courseTable")) {
      try CourseTable(manifest: "let package = Package()")
    }
  }

  @Test func `an unknown chapter is answered with those that exist`() throws {
    let table = try CourseTable(
      manifest: manifest(chapters: "1 | boot | Boot | ready"))
    let failure = Failure.unknownImage("ch9", in: table)
    #expect(failure.statement == "There is no chapter ch9.")
    #expect(failure.advice.contains("ch1 (Boot)"))
  }
}
