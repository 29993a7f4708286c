// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import ExerciseGrading
import Runner

extension Options {
  /// The files of the one exercise that is named.
  ///
  /// - Parameters:
  ///   - project: The clone.
  ///   - command: What is to be done with it.
  /// - Returns: Its files.
  /// - Throws: ``Failure`` if there is no such exercise.
  func exercise(
    _ project: Project, for command: String
  ) throws -> ExerciseFiles {
    let name = words.first ?? ""
    guard words.count == 1,
      let exercise = project.table.exercises.first(where: { $0.id == name })
    else {
      throw Failure.noExercise(name, in: project.table, for: command)
    }
    return try ExerciseFiles(exercise, in: project)
  }
}

/// Shows the next step of the hints, or a certain one.
struct HintCommand: Subcommand {
  static let name = "hint"
  static let valued = ["step"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let files = try options.exercise(project, for: Self.name)
    let steps = try files.steps()
    let seen = project.buildFolder
      .appending(path: "hints/\(files.exercise.id)")
    let next = try options.number("step") ?? Self.count(in: seen) + 1
    guard next >= 1, !steps.isEmpty else {
      throw Failure("There is no step \(next).")
    }
    let step = min(next, steps.count)
    print("\(files.exercise.id), hint \(step) of \(steps.count)\n")
    print(steps[step - 1])
    print(step < steps.count ? "\nThe same command shows the next." : "")
    try FileManager.default.createDirectory(
      at: seen.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("\(step)".utf8).write(to: seen)
    return 0
  }

  /// How many steps were shown before.
  private static func count(in file: URL) -> Int {
    (try? String(contentsOf: file, encoding: .utf8)).flatMap(Int.init) ?? 0
  }
}

/// Puts the stub back, and keeps what was there.
struct ResetCommand: Subcommand {
  static let name = "reset"
  static let flags = ["yes"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let files = try options.exercise(project, for: Self.name)
    let name = files.own.lastPathComponent
    let stub = try files.stub()
    guard FileManager.default.fileExists(atPath: files.own.path) else {
      try Data(stub.utf8).write(to: files.own)
      print("\(name) was not there; now it is as at first.")
      return 0
    }
    guard try files.text() != stub else {
      print("\(name) is as it was at first.")
      return 0
    }
    guard options.has("yes") || isConfirmed(name) else {
      print("Nothing was changed.")
      return 1
    }
    let backup = try files.backUp(in: project.buildFolder)
    try Data(stub.utf8).write(to: files.own)
    print("\(name) is as it was at first. Your version: \(backup.path)")
    return 0
  }

  private func isConfirmed(_ name: String) -> Bool {
    print("Put \(name) back to what it was at first? [y/N] ", terminator: "")
    // Shown before the answer is waited for.
    fflush(nil)
    return ["y", "yes"].contains((readLine() ?? "").lowercased())
  }
}

/// Shows the course's own answer beside the student's, once that is full.
struct SolutionCommand: Subcommand {
  static let name = "solution"

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let files = try options.exercise(project, for: Self.name)
    guard files.hasSolution else {
      throw Failure("The course's answers are not part of this clone.")
    }
    let grades = try ExerciseGrader(project, with: Toolbox()) { complain($0) }
      .grade([files.exercise])
    guard grades.allSatisfy(\.isFull) else {
      throw Failure(
        "Exercise \(files.exercise.id) does not pass yet.",
        advice: "make hint EX=\(files.exercise.id)")
    }
    print(try files.differenceToAnswer(in: project, with: Toolbox()))
    return 0
  }
}

/// Grades an exercise again whenever its file is saved.
struct WatchCommand: Subcommand {
  static let name = "watch"

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let files = try options.exercise(project, for: Self.name)
    print("Watching \(files.own.path); Ctrl-C ends it.")
    var last: String?
    // Where nothing reads what it says, it ends.
    while Output.standard.failure == nil {
      let text = try files.text()
      if text != last {
        last = text
        try grade(files.exercise)
      }
      // No event for a saved file exists on all systems.
      Thread.sleep(forTimeInterval: 0.3)
    }
    return 1
  }

  private func grade(_ exercise: Exercise) throws {
    do {
      let grades = try ExerciseGrader(project, with: Toolbox()) {
        complain($0)
      }.grade([exercise])
      for line in try GradeTable(grades, of: project).lines() { print(line) }
    } catch let diagnosis as Diagnosis {
      explain(diagnosis, of: exercise.id)
    }
    fflush(nil)
  }
}
