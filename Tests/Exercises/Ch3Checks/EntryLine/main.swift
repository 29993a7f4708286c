// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("3.1", in: "chapters/ch3-paging/Exercises/EntryLine.swift") {
  checkEntryLine(&$0)
}
