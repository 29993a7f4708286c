// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("4.2", in: "chapters/ch4-allocator/Exercises/SlotPool.swift") {
  checkSlotPool(&$0)
}
