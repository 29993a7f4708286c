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
  import DeviceTree
  import Paging
#endif
#if CHAPTER_4
  import Ch4Checks
#endif
#if CHAPTER_5
  import Ch5Checks
#endif
#if CHAPTER_6
  import Ch6Checks
#endif
#if CHAPTER_7
  import Ch7Checks
#endif

#if CHAPTER_3
  /// With page tables, a device is there only for those who ask for it. The
  /// checks of chapter 1 know no page tables, and use the serial port.
  func mapSerialPort() {
    guard let port = try? Board.deviceTree?.serialPort() else { return }
    _ = try? KernelMemory.device(port.region)
  }
#endif

func grade() {
  #if CHAPTER_3
    mapSerialPort()
  #endif
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
  #if CHAPTER_5
    gradeChapter5(&grader)
  #endif
  #if CHAPTER_6
    gradeChapter6(&grader)
  #endif
  #if CHAPTER_7
    gradeChapter7(&grader)
  #endif
  grader.finish()
}

grade()
