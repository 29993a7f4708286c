// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("2.2", in: "chapters/ch2-traps/Exercises/MemorySize.swift") {
  checkMemorySize(&$0)
}
