// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("4.3", in: "chapters/ch4-allocator/Exercises/FirstFit.swift") {
  checkFirstFit(&$0)
}
