// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Whose answers are graded; the words that Package.swift knows.
public enum Answers: String, Sendable, CaseIterable {
  /// The student's own.
  case mine
  /// The course's.
  case solutions
  /// Plausible wrong ones.
  case mutants1 = "mutants-1"
  /// Others.
  case mutants2 = "mutants-2"
}

/// Builds the two grading programs with somebody's answers.
struct GraderBuild {
  let project: Project
  let toolbox: Toolbox
  let answers: Answers
  /// Exercises that are left out, by id.
  var without: [String] = []

  /// Builds the program for this machine.
  func host() throws -> URL {
    try build("grade-host", in: hostScratch, options: [])
    return hostScratch.appending(path: "debug/grade-host")
  }

  /// Builds the image.
  func image() throws -> URL {
    let triple = "riscv64-none-none-eabi"
    try build(
      "grade", in: boardScratch,
      options: ["--configuration", "release", "--triple", triple],
      environment: ["SWIFTKRAFT_BOARD": "virt"])
    return boardScratch.appending(path: "\(triple)/release/grade")
  }

  // Other answers have folders of their own, so that the student's builds stay
  // quick.
  private var hostScratch: URL {
    answers == .mine
      ? project.buildFolder : project.buildFolder.appending(path: "graders")
  }

  private var boardScratch: URL {
    project.buildFolder.appending(
      path: answers == .mine ? "virt" : "graders-virt")
  }

  private func build(
    _ product: String, in scratch: URL, options: [String],
    environment: [String: String] = [:]
  ) throws {
    var command = Command(
      try toolbox.require(.swift),
      ["build", "--product", product, "--scratch-path", scratch.path]
        + options)
    command.folder = project.root
    command.environment = environment.merging([
      "SWIFTKRAFT_EXERCISES": answers.rawValue,
      "SWIFTKRAFT_WITHOUT": without.joined(separator: " "),
    ]) { $1 }
    let answer = try command.run()
    guard !answer.succeeded else { return }
    throw Diagnosis.buildFailed(
      product,
      words: ImageBuild.compilerWords(answer.text + answer.complaint))
  }
}
