// SPDX-License-Identifier: BSD-3-Clause

import Grading

/// Grades one of chapter 3's exercises, if one of them was asked for.
public func gradeChapter3(_ grader: inout Grader) {
}
