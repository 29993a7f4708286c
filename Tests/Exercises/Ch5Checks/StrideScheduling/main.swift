// SPDX-License-Identifier: BSD-3-Clause

import Grading

gradeExercise(
  "5.3", in: "chapters/ch5-scheduler/Exercises/StrideScheduling.swift"
) { checkStride(&$0) }
