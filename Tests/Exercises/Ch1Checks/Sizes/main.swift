// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("1.1", in: "chapters/ch1-boot/Exercises/Sizes.swift") {
  checkSizes(&$0)
}
