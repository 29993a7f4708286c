// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("7.1", in: "chapters/ch7-block/Exercises/ChainCheck.swift") {
  checkChainCheck(&$0)
}
