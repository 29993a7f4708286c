// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Synchronization

/// Grades exercises, each by itself: built without the others, and run in
/// processes and machines of its own, so that whatever an answer does costs
/// this exercise and no other.
///
///     rules ─┬▶ build ─▶ grade-1.2 on this machine ────────────────┐
///            └▶ build ─▶ grade-1.2 booted ─▶ chapter 1 with the  ──┴▶ points
///                                            answer, booted
public struct ExerciseGrader: Sendable {
  /// What is kept of what a program prints, in bytes.
  static let mostOutput = 64 << 10

  let project: Project
  let toolbox: Toolbox
  let answers: Answers
  let timeout: Double
  private let tell: @Sendable (String) -> Void

  /// - Parameters:
  ///   - project: The clone.
  ///   - toolbox: Finds the programs.
  ///   - answers: Whose.
  ///   - timeout: Seconds until a program is taken for an endless loop.
  ///   - tell: Is told what is being done, before it takes its time.
  public init(
    _ project: Project, with toolbox: Toolbox, answers: Answers = .mine,
    timeout: Double = 10, tell: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.project = project
    self.toolbox = toolbox
    self.answers = answers
    self.timeout = timeout
    self.tell = tell
  }

  /// Grades exercises.
  ///
  /// - Parameters:
  ///   - exercises: Which ones.
  ///   - includingStubs: Whether to run those as well whose file is as it was
  ///     handed out, to see that they are worth nothing.
  /// - Returns: A grade for each, in the same order.
  /// - Throws: ``Diagnosis`` if the course itself does not build.
  public func grade(
    _ exercises: [Exercise], includingStubs: Bool = false
  ) throws -> [Grade] {
    try exercises.map { exercise in
      let files = try ExerciseFiles(exercise, in: project)
      if answers == .mine {
        guard files.isThere else {
          return Grade(exercise, .doesNotCompile([missing(files)]))
        }
        if !includingStubs, (try? files.isUntouched()) == true {
          return Grade(exercise, .notStarted)
        }
      }
      tell("\(exercise.id) \(exercise.title): building and running…")
      return Grade(exercise, try state(of: files))
    }
  }

  private func missing(_ files: ExerciseFiles) -> String {
    "error: \(short(files.own)) is missing; "
      + "`make reset EX=\(files.exercise.id)` puts it back"
  }

  private func state(of files: ExerciseFiles) throws -> Grade.State {
    let file = files.file(of: answers)
    let rules = AnswerRules(
      files.exercise, in: project.table, stub: try files.stub())
    guard let text = try? ExerciseFiles.text(of: file) else {
      return .doesNotCompile(["error: \(short(file)) is not a text in UTF-8"])
    }
    let problems = rules.problems(in: text, file: short(file))
    guard problems.isEmpty else { return .notAccepted(problems) }
    let sides = try both({ try onHost(files) }, { try onBoard(files) })
    for case .refused(let words) in sides { return .doesNotCompile(words) }
    let grades = sides.flatMap(\.grades)
    let isUntouched = grades.allSatisfy { $0.passed == 0 && $0.calledTodo }
    return isUntouched ? .notStarted : .graded(grades)
  }

  /// Does two things at a time.
  private func both<Result: Sendable>(
    _ first: @Sendable () throws -> Result,
    _ second: @Sendable () throws -> Result
  ) throws -> [Result] {
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: 2) { index in
      let result = Swift.Result { try index == 0 ? first() : second() }
      results.withLock { $0[index] = result }
    }
    return try results.withLock(\.self).sorted { $0.key < $1.key }
      .map { try $0.value.get() }
  }

  private func short(_ file: URL) -> String {
    String(file.path.dropFirst(project.root.path.count + 1))
  }

  // MARK: - Sides

  /// What came of one of the two ways.
  private enum Way {
    case refused([String])
    case graded([SideGrade])

    var grades: [SideGrade] {
      if case .graded(let grades) = self { grades } else { [] }
    }
  }

  private func onHost(_ files: ExerciseFiles) throws -> Way {
    try built(files, .host) {
      try $0.host(files.exercise)
    } then: {
      .graded([try host(files.exercise, $0)])
    }
  }

  /// The checks booted and, if all pass, the chapter with the answer in it.
  private func onBoard(_ files: ExerciseFiles) throws -> Way {
    try built(files, .booted) {
      try $0.image(files.exercise)
    } then: { image in
      let checks = try booted(files.exercise, image)
      guard checks.isFull, try files.isUsedByChapter() else {
        return .graded([checks])
      }
      let inChapter = try built(files, .chapter) {
        try $0.chapter(files.exercise)
      } then: {
        .graded([try chapter(files.exercise, $0)])
      }
      // What compiles here compiles there, or the answer is at fault.
      if case .refused(let words) = inChapter {
        return .graded([checks, .unlinked(.chapter, words)])
      }
      return .graded([checks] + inChapter.grades)
    }
  }

  /// Builds a program and goes on with it, or says why not.
  private func built(
    _ files: ExerciseFiles, _ side: Side, _ body: (GraderBuild) throws -> URL,
    then next: (URL) throws -> Way
  ) throws -> Way {
    let build = GraderBuild(
      project: project, toolbox: toolbox, answers: answers)
    let program: URL
    do {
      program = try body(build)
    } catch Diagnosis.buildFailed(let name, let words) {
      let answer = short(files.file(of: answers))
      switch Blame(words, answer: answer) {
      case .answer(let words): return .refused(words)
      case .link(let words): return .graded([.unlinked(side, words)])
      case .course: throw Diagnosis.buildFailed(name, words: words)
      }
    }
    return try next(program)
  }
}

extension SideGrade {
  /// A side whose program does not link.
  static func unlinked(_ side: Side, _ words: [String]) -> SideGrade {
    SideGrade(
      side: side, total: side == .chapter ? 1 : nil, passed: 0, failures: [],
      interruption: words)
  }
}
