// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("2.3", in: "chapters/ch2-traps/Exercises/Ticker.swift") {
  checkTicker(&$0)
}
