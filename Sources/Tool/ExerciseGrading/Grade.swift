// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Where an answer is tried.
public enum Side: String, Sendable, CaseIterable {
  /// On this machine.
  case host
  /// In the booted kernel.
  case booted
  /// In the booted program of the chapter, which uses the answer.
  case chapter
}

/// What the checks of one exercise found on one side.
public struct SideGrade: Equatable, Sendable {
  /// A check that did not pass, with its name and what was found.
  public struct Failure: Equatable, Sendable {
    /// What the check is about.
    public let name: String
    /// What was given, expected and got, line by line.
    public let lines: [String]
    /// As how many checks it counts.
    public internal(set) var worth = 1
  }

  /// Where.
  public let side: Side
  /// How many checks there are, each as often as it counts; nil if the program
  /// never said it.
  public internal(set) var total: Int?
  /// How many passed, counted in the same way.
  public let passed: Int
  /// Those that did not.
  public internal(set) var failures: [Failure]
  /// Why not all checks ran, in words; nil if all did.
  public internal(set) var interruption: [String]?
  /// Whether a part of the answer is still missing.
  public internal(set) var calledTodo = false
  /// How many checks there are, each counted once; nil if not all ran.
  public internal(set) var checkCount: Int?

  /// Whether every check passed.
  public var isFull: Bool {
    interruption == nil && total.map { $0 > 0 && passed == $0 } == true
  }
}

/// What an exercise is worth, and why.
public struct Grade: Equatable, Sendable {
  /// How far it is.
  public enum State: Equatable, Sendable {
    /// The file is as it was handed out, or all that runs is `todo`.
    case notStarted
    /// It does what no answer may, with words for each place.
    case notAccepted([String])
    /// With the compiler's words.
    case doesNotCompile([String])
    /// With the results of each side.
    case graded([SideGrade])
  }

  /// The exercise.
  public let exercise: Exercise
  /// How far it is.
  public let state: State

  /// - Parameters:
  ///   - exercise: The exercise.
  ///   - state: How far it is.
  public init(_ exercise: Exercise, _ state: State) {
    self.exercise = exercise
    self.state = state
  }

  /// Whether there is nothing left to do.
  public var isFull: Bool {
    guard case .graded(let sides) = state else { return false }
    return !sides.isEmpty && sides.allSatisfy(\.isFull)
  }

  /// The exercise's points, by the share of its checks that passed, rounded
  /// down; all of them only if nothing was interrupted either.
  public var points: Int {
    guard case .graded(let sides) = state else { return 0 }
    if isFull { return exercise.points }
    // A side that never began has as many checks as the other one.
    let known = sides.compactMap(\.total).max() ?? 0
    let total = sides.reduce(0) { $0 + ($1.total ?? known) }
    let passed = sides.reduce(0) { $0 + $1.passed }
    guard total > 0 else { return 0 }
    return min(exercise.points * passed / total, exercise.points - 1)
  }

  /// One word or two for a table.
  public var word: String {
    switch state {
    case .notStarted: "not started"
    case .notAccepted: "not accepted"
    case .doesNotCompile: "does not compile"
    case .graded: isFull ? "done" : points > 0 ? "partly" : "failed"
    }
  }
}
