// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import ExerciseGrading
import Runner
import Testing

/// The student's own exercises, each built by itself: one that does not compile
/// is left out of all other tests, and told here. One that was not started is
/// no failure; one that was passes or fails, here and in the booted kernel.
@Suite(.serialized) struct ExerciseTests {
  private static let clone = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// An exercise, shown by its id and title.
  struct Case: CustomTestStringConvertible, Sendable {
    let exercise: Exercise
    var testDescription: String { "\(exercise.id) \(exercise.title)" }
  }

  static func cases(_ chapter: Int) -> [Case] {
    let table = try? Project(root: clone).table
    return (table?.exercises ?? []).filter { $0.chapter == chapter }
      .map { Case(exercise: $0) }
  }

  /// Fails only if a file is gone; else it says how many are left.
  @Test func `every exercise has its file`() throws {
    let project = try Project(root: Self.clone)
    let all = project.table.exercises
    let idle = try all.filter {
      try ExerciseFiles($0, in: project).isUntouched()
    }
    print("\(idle.count) of \(all.count) exercises are not started: make grade")
  }

  static func grade(_ exercise: Exercise) throws {
    let project = try Project(root: clone)
    let grader = ExerciseGrader(project, with: Toolbox())
    let grades = try grader.grade([exercise])
    for grade in grades where grade.state == .notStarted {
      print(
        "Exercise \(exercise.id) is not started: make hint EX=\(exercise.id)")
    }
    let isWrong = grades.contains { !$0.isFull && $0.state != .notStarted }
    guard isWrong else { return }
    let lines = try GradeTable(grades, of: project).lines()
    Issue.record("\n\(lines.joined(separator: "\n"))")
  }
}
