// SPDX-License-Identifier: BSD-3-Clause

import Console
import Grading

/// Grades one of chapter 5's exercises, if one of them was asked for.
public func gradeChapter5(_ grader: inout Grader) {
  #if EXERCISE_5_1
    grader.grade(
      "5.1", in: "chapters/ch5-scheduler/Exercises/TurnOrder.swift"
    ) { checkTurnOrder(&$0) }
  #endif
  #if EXERCISE_5_2
    grader.grade("5.2", in: "chapters/ch5-scheduler/Exercises/DueList.swift") {
      checkDueList(&$0)
    }
  #endif
  #if EXERCISE_5_3
    grader.grade(
      "5.3", in: "chapters/ch5-scheduler/Exercises/StrideScheduling.swift"
    ) { checkStride(&$0) }
  #endif
}
