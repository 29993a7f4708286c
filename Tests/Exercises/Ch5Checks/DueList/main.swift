// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("5.2", in: "chapters/ch5-scheduler/Exercises/DueList.swift") {
  checkDueList(&$0)
}
