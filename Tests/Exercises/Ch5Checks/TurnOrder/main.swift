// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("5.1", in: "chapters/ch5-scheduler/Exercises/TurnOrder.swift") {
  checkTurnOrder(&$0)
}
