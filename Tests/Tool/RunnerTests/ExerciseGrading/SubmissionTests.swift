// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import ExerciseGrading
@testable import Runner

@Suite struct `What a student hands in` {
  let clone: MadeUpClone
  let submission: URL

  init() throws {
    clone = try MadeUpClone()
    for name in ["boot/Sizes", "boot/Port", "traps/Ticker"] {
      let parts = name.split(separator: "/")
      let chapter = parts[0] == "boot" ? "ch1-boot" : "ch2-traps"
      try clone.write(
        "stub\n", to: "chapters/\(chapter)/Stubs/\(parts[1]).swift")
      try clone.write(
        "of the student before\n",
        to: "chapters/\(chapter)/Exercises/\(parts[1]).swift")
    }
    submission = clone.project.root.appending(path: "handed-in")
    try FileManager.default.createDirectory(
      at: submission, withIntermediateDirectories: true)
  }

  func handIn(_ text: String, as path: String) throws {
    try clone.write(text, to: "handed-in/\(path)")
  }

  /// Places it, and gives what is wrong and the three answers.
  func place() throws -> (wrong: [String: String], texts: [String]) {
    let wrong = try Submission(in: submission).place(in: clone.project)
    let texts = try clone.exercises.map {
      try ExerciseFiles($0, in: clone.project).text()
    }
    return (wrong, texts)
  }

  @Test func `is found by its place`() throws {
    try handIn("mine\n", as: "repo/chapters/ch1-boot/Exercises/Port.swift")
    let (wrong, texts) = try place()
    #expect(wrong.isEmpty)
    #expect(texts == ["stub\n", "mine\n", "stub\n"])
  }

  @Test(arguments: ["Port.swift", "a/b/Port.swift", "port.swift"])
  func `is found by its name if there is one`(path: String) throws {
    try handIn("mine\n", as: path)
    #expect(try place().texts == ["stub\n", "mine\n", "stub\n"])
  }

  @Test func `is as handed out where nothing was handed in`() throws {
    #expect(try place().texts == ["stub\n", "stub\n", "stub\n"])
  }

  @Test(arguments: [
    "chapters/ch1-boot/Solutions/Port.swift", "solutions/Port.swift",
    "chapters/ch1-boot/Mutants/Port.swift", "a/Stubs/Port.swift",
    ".build/backups/Port.swift", "__MACOSX/Port.swift",
    "SOLUTIONS/chapters/ch1-boot/Exercises/Port.swift",
    "Port.swift.txt", "Port.swift/readme.txt",
  ])
  func `is never taken from there`(path: String) throws {
    try handIn("the course's\n", as: path)
    #expect(try place().texts == ["stub\n", "stub\n", "stub\n"])
  }

  @Test func `counts its own file beside the course's`() throws {
    try handIn("the course's\n", as: "chapters/ch1-boot/Solutions/Sizes.swift")
    try handIn("mine\n", as: "chapters/ch1-boot/Exercises/Sizes.swift")
    let (wrong, texts) = try place()
    #expect(wrong.isEmpty)
    #expect(texts[0] == "mine\n")
  }

  @Test(arguments: ["old/Port.swift", "Exercises/port.swift"])
  func `with two files of one name is an error that names both`(
    path: String
  ) throws {
    try handIn("one\n", as: "chapters/ch1-boot/Exercises/Port.swift")
    try handIn("two\n", as: path)
    let (wrong, texts) = try place()
    #expect(texts[1] == "stub\n")
    let words = try #require(wrong["1.2"])
    #expect(words.contains("2 files are called Port.swift"))
    #expect(words.contains(path))
    #expect(wrong.count == 1)
  }

  @Test func `is no link`() throws {
    try handIn("the course's\n", as: "Solutions/Port.swift")
    try FileManager.default.createSymbolicLink(
      atPath: submission.appending(path: "Port.swift").path,
      withDestinationPath: "Solutions/Port.swift")
    let (wrong, texts) = try place()
    #expect(texts[1] == "stub\n")
    #expect(wrong["1.2"]?.contains("a link") == true)
  }

  @Test func `is not longer than any answer`() throws {
    try handIn(String(repeating: "x", count: 2 << 20), as: "Port.swift")
    #expect(try place().wrong["1.2"]?.contains("longer than") == true)
  }

  @Test func `may be any bytes`() throws {
    try Data([0xFF, 0xFE, 0, 0xC0]).write(
      to: submission.appending(path: "Port.swift"))
    let wrong = try Submission(in: submission).place(in: clone.project)
    #expect(wrong.isEmpty)
    let own = try ExerciseFiles(clone.exercises[1], in: clone.project).own
    #expect(try Data(contentsOf: own).count == 4)
  }

  @Test func `is a folder that can be read`() {
    #expect(throws: Failure.self) {
      try Submission(in: submission.appending(path: "nowhere"))
    }
  }
}
