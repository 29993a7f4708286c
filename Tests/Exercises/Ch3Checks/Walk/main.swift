// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("3.2", in: "chapters/ch3-paging/Exercises/Walk.swift") {
  checkWalk(&$0)
}
