// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("7.2", in: "chapters/ch7-block/Exercises/Elevator.swift") {
  checkElevator(&$0)
}
