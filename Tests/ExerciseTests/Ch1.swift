// SPDX-License-Identifier: BSD-3-Clause

import Testing

extension ExerciseTests {
  /// `swift test --filter Ch1`
  @Suite struct Ch1 {
    @Test(arguments: ExerciseTests.cases(1))
    func `exercise`(_ one: ExerciseTests.Case) throws {
      try ExerciseTests.grade(one.exercise)
    }
  }
}
