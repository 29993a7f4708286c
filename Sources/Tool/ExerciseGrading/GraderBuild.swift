// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Builds the programs that grade one exercise. No other answer is compiled
/// for them, so that none is in the way.
struct GraderBuild {
  /// Longer than any answer takes to compile, even on a busy machine.
  private static let timeout = 900.0

  let project: Project
  let toolbox: Toolbox
  let answers: Answers

  /// The checks for this machine.
  func host(_ exercise: Exercise) throws -> URL {
    try built(
      try package(in: hostScratch), "grade-\(exercise.id)", of: exercise)
  }

  /// The checks as an image.
  func image(_ exercise: Exercise) throws -> URL {
    try built(
      try package(in: boardScratch, board: .release), "grade-\(exercise.id)",
      of: exercise)
  }

  /// The chapter's image, with the answer in place of the kernel's own code.
  func chapter(_ exercise: Exercise) throws -> URL {
    var build = try package(in: boardScratch, board: .release)
    build.variables["SWIFTKRAFT_PLUG"] = exercise.id
    let name = "ch\(exercise.chapter)-graded"
    return try built(
      build, name, copiedTo: "\(name)-\(exercise.id)", of: exercise)
  }

  // The course's answers have folders of their own, so that the student's
  // builds stay quick. The package's own folder is locked while tests run.
  private var hostScratch: URL {
    project.buildFolder.appending(
      path: answers == .mine ? "grading" : "grading-course")
  }

  private var boardScratch: URL {
    project.buildFolder.appending(
      path: answers == .mine ? "virt" : "grading-course-virt")
  }

  private func package(
    in scratch: URL, board: Configuration? = nil
  ) throws -> PackageBuild {
    var build = PackageBuild(
      project: project, swift: try toolbox.require(.swift), scratch: scratch,
      board: board)
    build.variables = [
      "SWIFTKRAFT_GRADING": "1", "SWIFTKRAFT_EXERCISES": answers.word,
      "SWIFTKRAFT_WITHOUT": try missing().joined(separator: " "),
    ]
    return build
  }

  /// Exercises without an answer: SwiftPM would refuse the whole package.
  private func missing() throws -> [String] {
    try project.table.exercises.filter { exercise in
      let file = try ExerciseFiles(exercise, in: project).file(of: answers)
      return !FileManager.default.fileExists(atPath: file.path)
    }.map(\.id)
  }

  /// Has SwiftPM build a product, unless nothing has changed.
  private func built(
    _ build: PackageBuild, _ product: String, copiedTo copy: String? = nil,
    of exercise: Exercise
  ) throws -> URL {
    let result = build.path(of: copy ?? product)
    let stamp = Stamp(
      file: result.appendingPathExtension("stamp"),
      of: try inputs(exercise) + [build.swift])
    let manager = FileManager.default
    if stamp.isFresh, manager.fileExists(atPath: result.path) { return result }
    try build.build(product, within: Self.timeout)
    if copy != nil {
      try? manager.removeItem(at: result)
      try manager.copyItem(at: build.path(of: product), to: result)
    }
    stamp.write()
    return result
  }

  /// What the programs are made from.
  private func inputs(_ exercise: Exercise) throws -> [URL] {
    let files = try ExerciseFiles(exercise, in: project)
    let others = [
      "Tests/Grading", "Tests/Exercises/Ch\(exercise.chapter)Checks",
    ].map { project.root.appending(path: $0) }
    return Stamp.inputs(of: project, program: files.program)
      + [files.file(of: answers)] + others
  }
}
