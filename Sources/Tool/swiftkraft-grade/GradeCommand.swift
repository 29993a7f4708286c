// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import ExerciseGrading
import Runner

/// Grades the exercises of one chapter, or of all.
struct GradeCommand: Subcommand {
  static let name = "grade"
  static let valued = ["out", "submission"]
  static let flags = ["strict"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let exercises = try project.exercises(named: options.words)
    let wrong = try options.value("submission").map {
      try Submission(in: URL(filePath: $0)).place(in: project)
    }
    var grades: [Grade]
    do {
      grades = try ExerciseGrader(project, with: Toolbox()) { complain($0) }
        .grade(exercises)
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: "grade")
      return 1
    }
    grades = grades.map { grade in
      guard let words = wrong?[grade.exercise.id] else { return grade }
      return Grade(grade.exercise, .notAccepted([words]))
    }
    for line in try GradeTable(grades, of: project).lines() { print(line) }
    if let folder = options.value("out") {
      try GradeFiles(grades, of: project).write(to: URL(filePath: folder))
      print("Written: grades.json, grades.xml, gradescope.json in \(folder)")
    }
    let isGood = grades.allSatisfy {
      $0.isFull || $0.state == .notStarted && !options.has("strict")
    }
    return isGood ? 0 : 1
  }
}

extension Project {
  /// The exercises of chapters such as `ch1`, or with ids such as `1.2`; all
  /// of them for no name at all. Each comes once, in the table's order.
  func exercises(named names: [String]) throws -> [Exercise] {
    guard !names.isEmpty else { return table.exercises }
    for name in names {
      guard table.exercises.contains(where: { $0.isCalled(name) }) else {
        throw Failure.noExercise(name, in: table, for: "grade")
      }
    }
    return table.exercises.filter { names.contains(where: $0.isCalled) }
  }
}

extension Exercise {
  /// Whether `name` is its id, or its chapter.
  fileprivate func isCalled(_ name: String) -> Bool {
    name == id || name == "ch\(chapter)"
  }
}

extension Failure {
  /// What to say of a name that no exercise has.
  ///
  /// - Parameters:
  ///   - name: As typed.
  ///   - table: The exercises that there are.
  ///   - command: What should have been done with it.
  /// - Returns: What is wrong, and what to type instead.
  static func noExercise(
    _ name: String, in table: CourseTable, for command: String
  ) -> Failure {
    let example = example(name, in: table)
    let chapters = Set(table.exercises.map(\.chapter)).sorted()
    let known = table.exercises.map(\.id).joined(separator: ", ")
    let isChapter = command == "grade" && name.hasPrefix("ch")
    return Failure(
      name.isEmpty
        ? "Which exercise?"
        : isChapter
          ? "There are no exercises of a chapter \(name)."
          : "There is no exercise \(name).",
      advice: (isChapter
        ? "These have some: "
          + chapters.map { "ch\($0)" }.joined(separator: ", ")
        : "These exist: \(known)") + ". For example: "
        + (command == "grade"
          ? "make grade-\(isChapter ? "ch\(chapters.last ?? 1)" : example)"
          : "make \(command) EX=\(example)"))
  }

  /// The exercise that was probably meant: of the same chapter, if there is
  /// any.
  private static func example(_ name: String, in table: CourseTable) -> String {
    let sameChapter = table.exercises.first {
      "\($0.chapter)" == name.prefix { $0 != "." }
    }
    return (sameChapter ?? table.exercises.first)?.id ?? "1.1"
  }
}
