// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("1.3", in: "chapters/ch1-boot/Exercises/RunMeter.swift") {
  checkRunMeter(&$0)
}
