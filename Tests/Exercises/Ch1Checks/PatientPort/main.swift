// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise("1.2", in: "chapters/ch1-boot/Exercises/PatientPort.swift") {
  checkPatientPort(&$0)
}
