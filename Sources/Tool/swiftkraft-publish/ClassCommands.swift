// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import ExerciseGrading
import Publishing
import Runner

/// Writes the repository that a class gets.
struct HandoutCommand: Subcommand {
  static let name = "handout"
  static let valued = ["out"]

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    guard let folder = options.value("out"), !folder.isEmpty else {
      throw Failure(
        "Where shall the repository be?",
        advice: "For example: make handout OUT=../class")
    }
    let count = try Handout(of: project, with: Toolbox())
      .write(to: URL(filePath: folder))
    print("\(folder): \(count) files in one commit, without any answer.")
    return 0
  }
}

/// Writes the workflow that grades a class on GitHub.
struct ClassroomCommand: Subcommand {
  static let name = "classroom"

  private let project: Project

  init(_ project: Project) { self.project = project }

  func run(_ options: Options) throws -> Int {
    let file = project.root.appending(path: ClassroomFile.path)
    let text = ClassroomFile(of: project.table.exercises).text
    try Data(text.utf8).write(to: file)
    print("Written: \(ClassroomFile.path)")
    return 0
  }
}
