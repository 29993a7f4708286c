// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("6.2", in: "chapters/ch6-ipc/Exercises/Rendezvous.swift") {
  checkRendezvous(&$0)
}
