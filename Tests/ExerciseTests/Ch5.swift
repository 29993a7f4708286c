// SPDX-License-Identifier: BSD-3-Clause

import Testing

extension ExerciseTests {
  /// `swift test --filter Ch5`
  @Suite struct Ch5 {
    @Test(arguments: ExerciseTests.cases(5))
    func `exercise`(_ one: ExerciseTests.Case) throws {
      try ExerciseTests.grade(one.exercise)
    }
  }
}
