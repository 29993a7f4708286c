// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("7.3", in: "chapters/ch7-block/Exercises/Mirror.swift") {
  checkMirror(&$0)
}
