// SPDX-License-Identifier: BSD-3-Clause

import Grading

/// Grades one of chapter 2's exercises, if one of them was asked for.
public func gradeChapter2(_ grader: inout Grader) {
  #if EXERCISE_2_1
    grader.grade("2.1", in: "chapters/ch2-traps/Exercises/TrapLine.swift") {
      checkTrapLine(&$0)
    }
  #endif
  #if EXERCISE_2_2
    grader.grade("2.2", in: "chapters/ch2-traps/Exercises/MemorySize.swift") {
      checkMemorySize(&$0)
    }
  #endif
  #if EXERCISE_2_3
    grader.grade("2.3", in: "chapters/ch2-traps/Exercises/Ticker.swift") {
      checkTicker(&$0)
    }
  #endif
}
