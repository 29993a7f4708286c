// SPDX-License-Identifier: BSD-3-Clause
//
// Grades one exercise on the host. The module Grading has the arguments and
// what is printed.

import Boot
import Console
import Grading
import Hart

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
#if CHAPTER_5
  import Ch5Checks
#endif
#if CHAPTER_6
  import Ch6Checks
#endif
#if CHAPTER_7
  import Ch7Checks
#endif

SystemConsole.use(
  SystemConsole.Driver(
    write: { byte in
      var output = StandardOutput()
      output.write(byte)
    }, read: { -1 }))

let line = Array(CommandLine.arguments.dropFirst().joined(separator: " ").utf8)
unsafe line.withUnsafeBytes { bytes in
  let view =
    unsafe bytes.baseAddress.map { base in
      unsafe ByteView(at: base, count: bytes.count)
    } ?? ByteView("")
  var grader = Grader(Arguments(view))
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
