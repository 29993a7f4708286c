// SPDX-License-Identifier: BSD-3-Clause

import Grading

/// Grades one of chapter 3's exercises, if one of them was asked for.
public func gradeChapter3(_ grader: inout Grader) {
  #if EXERCISE_3_1
    grader.grade("3.1", in: "chapters/ch3-paging/Exercises/EntryLine.swift") {
      checkEntryLine(&$0)
    }
  #endif
  #if EXERCISE_3_2
    grader.grade("3.2", in: "chapters/ch3-paging/Exercises/Walk.swift") {
      checkWalk(&$0)
    }
  #endif
  #if EXERCISE_3_3
    grader.grade("3.3", in: "chapters/ch3-paging/Exercises/LazyPages.swift") {
      checkLazyPages(&$0)
    }
  #endif
}
