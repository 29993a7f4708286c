// SPDX-License-Identifier: BSD-3-Clause

import Testing

extension ExerciseTests {
  /// `swift test --filter Ch4`
  @Suite struct Ch4 {
    @Test(arguments: ExerciseTests.cases(4))
    func `exercise`(_ one: ExerciseTests.Case) throws {
      try ExerciseTests.grade(one.exercise)
    }
  }
}
