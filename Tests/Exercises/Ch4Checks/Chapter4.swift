// SPDX-License-Identifier: BSD-3-Clause

import Grading

/// Grades one of chapter 4's exercises, if one of them was asked for.
public func gradeChapter4(_ grader: inout Grader) {
}
