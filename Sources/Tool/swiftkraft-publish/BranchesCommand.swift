// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import ExerciseGrading
import Publishing
import Runner

/// Writes the course as a row of branches.
struct BranchesCommand: Subcommand {
  static let name = "branches"

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let branches = try ChapterBranches(of: project, with: Toolbox()).write()
    for (branch, commit) in branches {
      print("\(branch)  \(commit.prefix(12))")
    }
    print("`git diff ch1 ch2` shows what chapter 2 adds.")
    return 0
  }
}
