// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

extension GradeFiles {
  private struct Results: Encodable {
    struct Test: Encodable {
      let name, output, status: String
      let score, max_score: Int
    }

    let score: Int
    let tests: [Test]
  }

  /// The grades as Gradescope reads them from `results.json`.
  static func gradescope(_ grades: [Grade]) throws -> Data {
    let tests = grades.map { grade in
      Results.Test(
        name: "\(grade.exercise.id) \(grade.exercise.title)",
        output: grade.problems.joined(separator: "\n\n"),
        status: grade.isFull ? "passed" : "failed",
        score: grade.points, max_score: grade.exercise.points)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(
      Results(score: grades.reduce(0) { $0 + $1.points }, tests: tests))
  }
}
