// SPDX-License-Identifier: BSD-3-Clause

import Foundation

@testable import ExerciseGrading
@testable import Runner

/// A folder with tables and nothing else, gone after the test.
final class MadeUpClone {
  static let manifest = """
    let courseTable = \"""
      1 | boot  | Boot  | ready
      2 | traps | Traps | ready
      3 | pages | Pages | draft
      \"""
    let libraryTable = \"""
      Hart  | Machine | 0 | 1 |
      Traps | Machine | 1 | 2 | Hart
      Pages | Machine | 1 | 3 | Hart
      \"""
    let exerciseTable = \"""
      1.1 | Sizes  | Sizes that people read | 10 | 1 | 20 | -
      1.2 | Port   | A port                 | 20 | 2 | 60 | 1.1
      2.1 | Ticker | Ticks                  | 30 | 3 | 90 | -
      \"""
    let boardFlagTable = \"""
      -wmo
      \"""
    """

  let project: Project

  init(manifest: String = manifest) throws {
    let root = FileManager.default.temporaryDirectory
      .appending(path: "swiftkraft-clone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: root, withIntermediateDirectories: true)
    try Data(manifest.utf8).write(to: root.appending(path: "Package.swift"))
    project = try Project(root: root)
  }

  deinit { try? FileManager.default.removeItem(at: project.root) }

  var exercises: [Exercise] { project.table.exercises }

  /// Writes a file, and the folders around it.
  func write(_ text: String, to path: String) throws {
    let file = project.root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
