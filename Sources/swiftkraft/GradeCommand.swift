// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Grades the exercises of one chapter, or of all.
struct GradeCommand: Subcommand {
  static let name = "grade"
  static let usage = "grade [chN | N.M]… [--strict] [--out D]  grade exercises"
  static let valued = ["out"]
  static let flags = ["strict"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let exercises = try project.exercises(named: options.words)
    let grades: [Grade]
    do {
      grades = try ExerciseGrader(project, with: Toolbox()).grade(exercises)
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: "grade")
      return 1
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
        throw Failure.noExercise(name, in: table)
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
  static func noExercise(_ name: String, in table: CourseTable) -> Failure {
    let known = table.exercises.map(\.id).joined(separator: ", ")
    return Failure(
      name.isEmpty ? "Which exercise?" : "There is no exercise \(name).",
      advice: "These exist: \(known). For example: make hint EX=1.1")
  }
}
