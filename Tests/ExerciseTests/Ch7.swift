// SPDX-License-Identifier: BSD-3-Clause

import Testing

extension ExerciseTests {
  /// `swift test --filter Ch7`
  @Suite struct Ch7 {
    @Test(arguments: ExerciseTests.cases(7))
    func `exercise`(_ one: ExerciseTests.Case) throws {
      try ExerciseTests.grade(one.exercise)
    }
  }
}
