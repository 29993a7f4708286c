// SPDX-License-Identifier: BSD-3-Clause

/// Whose answers are graded.
public enum Answers: Equatable, Sendable {
  /// The student's own.
  case mine
  /// The course's.
  case solutions
  /// Plausible wrong ones: the files whose names end with this number.
  case mutants(Int)

  /// The word that Package.swift knows.
  package var word: String {
    switch self {
    case .mine: "mine"
    case .solutions: "solutions"
    case .mutants(let number): "mutants-\(number)"
    }
  }
}
