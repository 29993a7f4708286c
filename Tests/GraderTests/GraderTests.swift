// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import ExerciseGrading
@testable import Publishing
@testable import Runner

/// The grader's own test: it builds and grades all exercises with four kinds
/// of answers. It takes long, so `swift test` alone leaves it out, and
/// `make test-graders` asks for it.
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["SWIFTKRAFT_TEST_GRADERS"] != nil,
    "make test-graders"))
struct GraderTests {
  let project: Project
  let toolbox = Toolbox()

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    project = try Project(root: root)
  }

  /// All of them; for a sample, those of the newest chapter and of one other,
  /// which changes with each commit.
  private var exercises: [Exercise] {
    get throws {
      let chapters = project.table.chapters.map(\.number)
      guard let newest = chapters.last, Self.isSample else {
        return project.table.exercises
      }
      let git = Git(root: project.root, tool: try toolbox.require(.git))
      let commits = Int(try git.run(["rev-list", "--count", "HEAD"])) ?? 0
      let other = chapters[commits % max(1, chapters.count - 1)]
      return project.table.exercises.filter {
        [newest, other].contains($0.chapter)
      }
    }
  }

  private static let isSample =
    ProcessInfo.processInfo.environment["SWIFTKRAFT_TEST_GRADERS"] == "sample"

  private func grades(
    _ answers: Answers, of some: [Exercise]? = nil
  ) throws -> [Grade] {
    try ExerciseGrader(project, with: toolbox, answers: answers)
      .grade(some ?? exercises, includingStubs: true)
  }

  private func words(_ grade: Grade) -> Comment {
    "\(grade.exercise.id): \(grade.points), \(grade.problems)"
  }

  @Test func `every file is as its solution has the stub`() throws {
    for exercise in project.table.exercises {
      let files = try ExerciseFiles(exercise, in: project)
      #expect(try files.text() == files.stub(), "make reset EX=\(exercise.id)")
    }
  }

  @Test func `every stub scores 0`() throws {
    for grade in try grades(.mine) {
      #expect(grade.points == 0, words(grade))
      #expect(grade.state == .notStarted, words(grade))
    }
  }

  @Test func `every solution scores full marks`() throws {
    for grade in try grades(.solutions) {
      #expect(grade.points == grade.exercise.points, words(grade))
      #expect(grade.isFull, words(grade))
    }
  }

  /// The first words of a file say how bad it is: `Misses the point` costs
  /// half of the points at least, `Wrong` some of them. `Right` is another good
  /// answer.
  @Test func `every wrong answer loses points, half if it misses the point`()
    throws
  {
    let files = try exercises.map { try ExerciseFiles($0, in: project) }
    let most = files.map(\.mutantCount).max() ?? 0
    for number in 1...most {
      let answered = files.filter { $0.mutantCount >= number }
      let grades = try grades(
        .mutants(number), of: answered.map(\.exercise))
      for (grade, files) in zip(grades, answered) {
        let text = try String(
          contentsOf: files.mutant(number), encoding: .utf8)
        judge(grade, as: text)
      }
    }
  }

  private func judge(_ grade: Grade, as text: String) {
    let possible = grade.exercise.points
    guard case .graded = grade.state else {
      Issue.record("\(grade.exercise.id) is not plausible: \(grade.word)")
      return
    }
    if text.hasPrefix("// Misses the point: ") {
      #expect(2 * grade.points <= possible, words(grade))
    } else if text.hasPrefix("// Right: ") {
      #expect(grade.isFull, words(grade))
    } else {
      #expect(grade.points < possible, words(grade))
    }
  }

  // MARK: - Images that did not do it

  private func booted(_ image: String) throws -> [SideGrade] {
    let path = try ImageBuild(of: project, with: toolbox).image(image)
    let grader = ExerciseGrader(project, with: toolbox, timeout: 2)
    return try project.table.exercises.map { try grader.booted($0, path) }
  }

  @Test func `an image that never boots scores 0`() throws {
    for side in try booted("silent") {
      #expect(side.passed == 0)
      #expect(side.isFull == false)
    }
  }

  @Test func `an image that only prints what is looked for scores 0`() throws {
    for side in try booted("pretender") {
      #expect(side.passed == 0)
      #expect(side.total == nil)
      #expect(side.isFull == false)
    }
  }
}
