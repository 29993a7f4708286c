// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import ExerciseGrading
@testable import Publishing
@testable import Runner

/// The repository that a class gets.
@Suite(.enabled(if: Clone.hasAnswers, "this is a handout"))
struct HandoutTests {
  let clone = Clone()
  let tool = BuiltTool()
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "swiftkraft-handout-\(UUID().uuidString)")

  private func paths() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { !$0.hasPrefix(".git/") }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  private func git(_ arguments: [String]) throws -> String {
    try Git(root: folder, tool: Toolbox().require(.git)).run(arguments)
  }

  /// Everything at once: writing it takes a while.
  @Test func `holds the course without its answers, in one commit`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let answer = try tool.run(["handout", "--out", folder.path])
    #expect(answer.status == 0, "\(answer.text)")

    #expect(try git(["rev-list", "--count", "HEAD"]) == "1")
    #expect(try git(["status", "--porcelain"]) == "")
    let paths = try paths()
    for part in ["Solutions", "Mutants"] {
      #expect(!paths.contains { $0.split(separator: "/").contains("\(part)") })
    }
    for path in ["Makefile", "README.md", "chapters/ch1-boot/main.swift"] {
      #expect(paths.contains(path))
    }
    try checkExercises()
    #expect(
      try text(".github/workflows/classroom.yml")
        == ClassroomFile(of: clone.table.exercises).text)
    try checkUse()
  }

  /// Each is as at first; no line of an answer is anywhere.
  private func checkExercises() throws {
    let course = try Project(root: clone.root)
    let project = try Project(root: folder)
    for exercise in project.table.exercises {
      let files = try ExerciseFiles(exercise, in: project)
      let original = try ExerciseFiles(exercise, in: course)
      #expect(try files.isUntouched())
      #expect(try files.text() == original.stub())
      #expect(!files.hasSolution)
    }
  }

  /// The package is whole, and the tool works on it.
  private func checkUse() throws {
    var command = Command(
      try Toolbox().require(.swift), ["package", "dump-package"])
    command.folder = folder
    let package = try command.run(within: 240)
    #expect(package.succeeded, "\(package.complaint)")

    var grade = Command(tool.path, ["grade"])
    grade.folder = folder
    let grades = try grade.run(within: 60).text
    #expect(grades.contains("Nothing is lost yet"))

    let file = folder.appending(path: "chapters/ch1-boot/Exercises/Sizes.swift")
    try FileManager.default.removeItem(at: file)
    var reset = Command(tool.path, ["reset", "1.1"])
    reset.folder = folder
    #expect(try reset.run(within: 60).succeeded)
    #expect(try git(["status", "--porcelain"]) == "")
  }

  @Test func `goes to no folder that holds something`() throws {
    let answer = try tool.run(["handout", "--out", clone.root.path])
    #expect(answer.status == 1)
    #expect(answer.text.contains("is not empty"))
  }

  @Test func `wants a folder`() throws {
    let answer = try tool.run(["handout"])
    #expect(answer.status == 1)
    #expect(answer.text.contains("make handout OUT="))
  }
}
