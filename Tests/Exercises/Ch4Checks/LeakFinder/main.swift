// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("4.1", in: "chapters/ch4-allocator/Exercises/LeakFinder.swift") {
  checkLeakFinder(&$0)
}
