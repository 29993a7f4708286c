// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Grades exercises: on this machine and in the booted kernel, each in a
/// process or a machine of its own, so that an endless loop, a trap or a wild
/// pointer costs one exercise and no other.
///
///     files ─▶ build ─▶ grade-host exercise=1.2 key=…   ┐
///                  └──▶ QEMU with grade, the same words ┴─▶ points
public struct ExerciseGrader {
  private let project: Project
  private let toolbox: Toolbox
  private let answers: Answers
  private let builtHost: URL?
  private let patience: Double

  /// - Parameters:
  ///   - project: The clone.
  ///   - toolbox: Finds the programs.
  ///   - answers: Whose.
  ///   - builtHost: The host's program, if somebody else has built it.
  ///   - patience: Seconds until an exercise is taken for an endless loop, on
  ///     each side.
  public init(
    _ project: Project, with toolbox: Toolbox, answers: Answers = .mine,
    builtHost: URL? = nil, patience: Double = 10
  ) {
    self.patience = patience
    self.project = project
    self.toolbox = toolbox
    self.answers = answers
    self.builtHost = builtHost
  }

  /// Grades what has been started.
  ///
  /// - Parameters:
  ///   - exercises: Which ones.
  ///   - includingStubs: Whether to run those as well that were not started,
  ///     to see that they are worth nothing.
  /// - Returns: A grade for each, in the same order.
  /// - Throws: ``Diagnosis`` if the course itself does not build.
  public func grade(
    _ exercises: [Exercise], includingStubs: Bool = false
  ) throws -> [Grade] {
    let started = try exercises.filter { exercise in
      try includingStubs || answers != .mine
        || ExerciseFiles(exercise, in: project).isStarted()
    }
    guard !started.isEmpty else {
      return exercises.map { Grade($0, .notStarted) }
    }
    let programs = try Programs(
      build: GraderBuild(
        project: project, toolbox: toolbox, answers: answers),
      builtHost: builtHost)
    return try exercises.map { exercise in
      if let words = programs.refused[exercise.id] {
        return Grade(exercise, .doesNotCompile(words))
      }
      guard started.contains(exercise) else {
        return Grade(exercise, .notStarted)
      }
      return try run(exercise, programs)
    }
  }

  private func run(
    _ exercise: Exercise, _ programs: Programs
  ) throws -> Grade {
    Grade(
      exercise, host: try onHost(exercise, programs.host),
      booted: try booted(exercise, programs.image))
  }

  private func onHost(_ exercise: Exercise, _ program: URL) throws -> SideGrade?
  {
    let key = Self.newKey()
    var command = Command(program, ["exercise=\(exercise.id)", "key=\(key)"])
    command.environment = ["SWIFT_BACKTRACE": "enable=no"]
    let answer = try command.run(within: patience)
    let log = GradeLog(
      Transcript.lines(of: answer.text), exercise: exercise.id, key: key)
    if log.isNotStarted, log.passed.isEmpty { return nil }
    return SideGrade(
      .host, log,
      interruption: log.isComplete ? nil : HostEnd.words(for: answer))
  }

  /// Grades an exercise in the booted kernel.
  ///
  /// - Returns: Nil for a stub.
  func booted(_ exercise: Exercise, _ image: URL) throws -> SideGrade? {
    let key = Self.newKey()
    var machine = Machine(image: image)
    machine.arguments = "exercise=\(exercise.id) key=\(key)"
    machine.hasVirtualTime = true
    let outcome = try Run(
      machine, with: toolbox, logFolder: project.logFolder,
      seconds: patience
    ).outcome()
    let log = GradeLog(
      outcome.transcript.kernelLines, exercise: exercise.id, key: key)
    if log.isNotStarted, log.passed.isEmpty { return nil }
    return SideGrade(
      .booted, log,
      interruption: log.isComplete ? nil : words(for: outcome, of: image))
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

  /// 128 bits that nobody could know before this run.
  private static func newKey() -> String {
    (0..<4).map { _ in
      let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}

extension Grade {
  /// A grade from both sides, each nil where a stub said that it is one.
  ///
  /// A stub on one side only is no reason to leave that side out.
  init(_ exercise: Exercise, host: SideGrade?, booted: SideGrade?) {
    guard host != nil || booted != nil else {
      self.init(exercise, .notStarted)
      return
    }
    self.init(
      exercise, .graded([host ?? .stub(.host), booted ?? .stub(.booted)]))
  }
}

extension SideGrade {
  /// A side where the exercise still calls `todo`.
  static func stub(_ side: Side) -> SideGrade {
    SideGrade(
      side: side, total: nil, passed: 0, failures: [],
      interruption: ["It is not started here: `todo` was called."])
  }

  /// What a log has proved, and why it ended early if it did.
  init(_ side: Side, _ log: GradeLog, interruption: [String]?) {
    var failures = log.failures.map {
      Failure(name: $0.name, lines: $0.lines)
    }
    if let open = log.open, interruption != nil {
      failures.append(Failure(name: open.name, lines: [GradeLog.noAnswer]))
    }
    self.init(
      side: side, total: log.total, passed: log.passed.count,
      failures: failures, interruption: interruption)
  }
}
