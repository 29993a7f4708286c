// SPDX-License-Identifier: BSD-3-Clause

import Grading

/// Grades one of chapter 1's exercises, if one of them was asked for.
public func gradeChapter1(_ grader: inout Grader) {
  #if EXERCISE_1_1
    grader.grade("1.1", in: "chapters/ch1-boot/Exercises/Sizes.swift") {
      checkSizes(&$0)
    }
  #endif
  #if EXERCISE_1_2
    grader.grade("1.2", in: "chapters/ch1-boot/Exercises/PatientPort.swift") {
      checkPatientPort(&$0)
    }
  #endif
  #if EXERCISE_1_3
    grader.grade("1.3", in: "chapters/ch1-boot/Exercises/RunMeter.swift") {
      checkRunMeter(&$0)
    }
  #endif
}
