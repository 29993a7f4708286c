// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Which exercises the compiler complains about.
///
///     chapters/…/Exercises/Sizes.swift:9:1: error: …  ─▶ 1.1
///     Tests/Exercises/…/SizesChecks.swift:5:3: error: ─▶ 1.1: its answer does
///                                       not have what the checks call
///
/// A file of checks begins, after its licence, with the condition under which
/// it is compiled: `#if EXERCISE_1_1`.
struct Blame {
  let project: Project
  let answers: Answers
  /// Exercises that were not built, by id.
  var without: [String] = []

  /// What the compiler said, by exercise; of its own file if it said
  /// anything there.
  func exercises(in words: String) throws -> [String: [String]] {
    let errors = words.split(whereSeparator: \.isNewline).map(String.init)
      .filter { $0.contains(": error: ") }
    var found: [String: [String]] = [:]
    for exercise in project.table.exercises
    where !without.contains(exercise.id) {
      let file = try ExerciseFiles(exercise, in: project).file(of: answers)
      let own = errors.filter { $0.hasPrefix(file.path + ":") }
      let lines = own.isEmpty ? errors.filter { checks(exercise, $0) } : own
      if !lines.isEmpty { found[exercise.id] = lines.map(shortened) }
    }
    return found
  }

  /// Whether an error stands in a file that only checks this exercise.
  private func checks(_ exercise: Exercise, _ error: String) -> Bool {
    let path = String(error.prefix { $0 != ":" })
    guard path.hasPrefix(project.root.path + "/Tests/Exercises/"),
      let text = try? ExerciseFiles.text(of: URL(filePath: path)),
      let line = text.split(whereSeparator: \.isNewline)
        .first(where: { !$0.hasPrefix("//") })
    else { return false }
    let condition = exercise.id.replacing(".", with: "_")
    return line.split(separator: " ").prefix(2)
      == ["#if", "EXERCISE_\(condition)"]
  }

  /// The path as the student knows it.
  private func shortened(_ error: String) -> String {
    let root = project.root.path + "/"
    return error.hasPrefix(root) ? String(error.dropFirst(root.count)) : error
  }
}
