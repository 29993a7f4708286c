// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("2.1", in: "chapters/ch2-traps/Exercises/TrapLine.swift") {
  checkTrapLine(&$0)
}
