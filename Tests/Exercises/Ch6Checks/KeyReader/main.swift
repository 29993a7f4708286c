// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("6.1", in: "chapters/ch6-ipc/Exercises/KeyReader.swift") {
  checkKeyReader(&$0)
}
