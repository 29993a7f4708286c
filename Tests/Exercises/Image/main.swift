// SPDX-License-Identifier: BSD-3-Clause
//
// Grades one exercise on the board. The module Grading has the arguments and
// what is printed.

import Boot
import Grading

#if CHAPTER_1
  import Ch1Checks
#endif
#if CHAPTER_2
  import Ch2Checks
#endif
#if CHAPTER_3
  import Ch3Checks
#endif
#if CHAPTER_4
  import Ch4Checks
#endif

func grade() {
  var grader = Grader(Board.arguments)
  #if CHAPTER_1
    gradeChapter1(&grader)
  #endif
  #if CHAPTER_2
    gradeChapter2(&grader)
  #endif
  #if CHAPTER_3
    gradeChapter3(&grader)
  #endif
  #if CHAPTER_4
    gradeChapter4(&grader)
  #endif
  grader.finish()
}

grade()
