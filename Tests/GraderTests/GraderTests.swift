// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

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

  private func grades(_ answers: Answers) throws -> [Grade] {
    let exercises = try self.exercises.filter { exercise in
      guard case .mutants(let number) = answers else { return true }
      return try ExerciseFiles(exercise, in: project).mutantCount >= number
    }
    return try ExerciseGrader(project, with: toolbox, answers: answers)
      .grade(exercises, includingStubs: true)
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

  @Test func `every wrong answer loses points`() throws {
    let most =
      try project.table.exercises.map {
        try ExerciseFiles($0, in: project).mutantCount
      }.max() ?? 0
    for grade in try (1...most).flatMap({ try grades(.mutants($0)) }) {
      #expect(grade.points < grade.exercise.points, words(grade))
      guard case .graded = grade.state else {
        Issue.record("\(grade.exercise.id) is not plausible: \(grade.word)")
        continue
      }
    }
  }

  // MARK: - Images that did not do it

  private func booted(_ image: String) throws -> [SideGrade] {
    let path = try ImageBuild(of: project, with: toolbox).image(image)
    let grader = ExerciseGrader(project, with: toolbox, patience: 2)
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
