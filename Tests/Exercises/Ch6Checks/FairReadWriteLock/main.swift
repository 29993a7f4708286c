// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("6.3", in: "chapters/ch6-ipc/Exercises/FairReadWriteLock.swift") {
  checkFairLock(&$0)
}
