// SPDX-License-Identifier: BSD-3-Clause

import Console
import Grading

/// Grades one of chapter 4's exercises, if one of them was asked for.
public func gradeChapter4(_ grader: inout Grader) {
  #if EXERCISE_4_1
    grader.grade(
      "4.1", in: "chapters/ch4-allocator/Exercises/LeakFinder.swift"
    ) { checkLeakFinder(&$0) }
  #endif
  #if EXERCISE_4_2
    grader.grade("4.2", in: "chapters/ch4-allocator/Exercises/SlotPool.swift") {
      checkSlotPool(&$0)
    }
  #endif
  #if EXERCISE_4_3
    grader.grade("4.3", in: "chapters/ch4-allocator/Exercises/FirstFit.swift") {
      checkFirstFit(&$0)
    }
  #endif
}

extension Message.Interpolation {
  /// An address, or `nil`.
  mutating func appendInterpolation(address: UInt64?) {
    guard let address else { return appendLiteral("nil") }
    appendInterpolation(hex: address)
  }
}
