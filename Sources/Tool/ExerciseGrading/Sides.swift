// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

// Where an answer is tried: on this machine, booted, and in its chapter.
extension ExerciseGrader {
  func host(_ exercise: Exercise, _ program: URL) throws -> SideGrade {
    try .collect(on: .host) { first, key in
      var command = Command(program, ["keyed", "from=\(first)"])
      command.environment = ["SWIFT_BACKTRACE": "enable=no"]
      // Not in its arguments, which every program can read.
      let answer = try command.run(
        input: key + "\n", within: timeout, printing: Self.mostOutput)
      let log = GradeLog(
        Transcript.lines(of: answer.text), exercise: exercise.id, key: key)
      return Attempt(
        log: log,
        interruption: log.isComplete ? nil : HostEnd.words(for: answer),
        wasSlow: answer.isTooLate)
    }
  }

  func booted(_ exercise: Exercise, _ image: URL) throws -> SideGrade {
    try .collect(on: .booted) { first, key in
      var machine = Machine(image: image)
      machine.arguments = "keyed from=\(first)"
      machine.hasVirtualTime = true
      let outcome = try boot(machine, typing: key + "\n", within: timeout)
      let log = GradeLog(
        outcome.transcript.kernelLines, exercise: exercise.id, key: key)
      var attempt = Attempt(
        log: log,
        interruption: log.isComplete ? nil : words(for: outcome, of: image))
      if case .timeOut = outcome.end { attempt.wasSlow = true }
      return attempt
    }
  }

  /// Boots the chapter with the answer in it. It has to come to its end.
  func chapter(_ exercise: Exercise, _ image: URL) throws -> SideGrade {
    var machine = Machine(image: image)
    machine.hasVirtualTime = true
    let disk = try ChapterDisk(of: "ch\(exercise.chapter)", in: project)?
      .fresh()
    defer { disk.map { try? FileManager.default.removeItem(at: $0.image) } }
    machine.disks = disk.map { [$0] } ?? []
    let outcome = try boot(machine, within: timeout * 3)
    let judge = Judge(of: image, with: toolbox, status: 0)
    guard let diagnosis = judge.diagnosis(of: outcome) else {
      return SideGrade(
        side: .chapter, total: 1, passed: 1, failures: [], interruption: nil)
    }
    return SideGrade(
      side: .chapter, total: 1, passed: 0,
      failures: [
        .init(
          name: "the chapter's program comes to its end with the answer in it",
          lines: [diagnosis.statement]
            + diagnosis.details(root: project.root))
      ], interruption: nil)
  }

  private func boot(
    _ machine: Machine, typing text: String = "", within seconds: Double
  ) throws -> Outcome {
    var run = Run(
      machine, with: toolbox, logFolder: project.logFolder, seconds: seconds)
    run.typed = text
    run.mostBytes = Self.mostOutput
    return try run.outcome()
  }

  /// Why the kernel stopped, as far down as the student's code goes.
  private func words(for outcome: Outcome, of image: URL) -> [String] {
    let judge = Judge(of: image, with: toolbox)
    guard let diagnosis = judge.diagnosis(of: outcome) else {
      return [HostEnd.early]
    }
    return [diagnosis.statement]
      + diagnosis.details(root: project.root)
      .prefix { !$0.contains("Tests/Exercises/") }
  }
}
