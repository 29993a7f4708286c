// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("3.3", in: "chapters/ch3-paging/Exercises/LazyPages.swift") {
  checkLazyPages(&$0)
}
