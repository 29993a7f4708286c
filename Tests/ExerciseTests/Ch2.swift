// SPDX-License-Identifier: BSD-3-Clause

import Testing

extension ExerciseTests {
  /// `swift test --filter Ch2`
  @Suite struct Ch2 {
    @Test(arguments: ExerciseTests.cases(2))
    func `exercise`(_ one: ExerciseTests.Case) throws {
      try ExerciseTests.grade(one.exercise)
    }
  }
}
