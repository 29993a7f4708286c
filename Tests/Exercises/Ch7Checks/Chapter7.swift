// SPDX-License-Identifier: BSD-3-Clause

import Console
import Grading

/// Grades one of chapter 7's exercises, if one of them was asked for.
public func gradeChapter7(_ grader: inout Grader) {
  #if EXERCISE_7_1
    grader.grade("7.1", in: "chapters/ch7-block/Exercises/ChainCheck.swift") {
      checkChainCheck(&$0)
    }
  #endif
  #if EXERCISE_7_2
    grader.grade("7.2", in: "chapters/ch7-block/Exercises/Elevator.swift") {
      checkElevator(&$0)
    }
  #endif
  #if EXERCISE_7_3
    grader.grade("7.3", in: "chapters/ch7-block/Exercises/Mirror.swift") {
      checkMirror(&$0)
    }
  #endif
}
