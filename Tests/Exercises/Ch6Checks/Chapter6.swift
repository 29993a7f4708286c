// SPDX-License-Identifier: BSD-3-Clause

import Console
import Grading

/// Grades one of chapter 6's exercises, if one of them was asked for.
public func gradeChapter6(_ grader: inout Grader) {
  #if EXERCISE_6_1
    grader.grade("6.1", in: "chapters/ch6-ipc/Exercises/KeyReader.swift") {
      checkKeyReader(&$0)
    }
  #endif
  #if EXERCISE_6_2
    grader.grade("6.2", in: "chapters/ch6-ipc/Exercises/Rendezvous.swift") {
      checkRendezvous(&$0)
    }
  #endif
  #if EXERCISE_6_3
    grader.grade(
      "6.3", in: "chapters/ch6-ipc/Exercises/FairReadWriteLock.swift"
    ) { checkFairLock(&$0) }
  #endif
}
