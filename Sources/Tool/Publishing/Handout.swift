// SPDX-License-Identifier: BSD-3-Clause

import Benchmarks
import ExerciseGrading
import Foundation
import Runner

/// The repository that a class gets: the course without its answers.
///
///     chapters/…/Solutions, Mutants   left out
///     chapters/…/Exercises            as at first, whatever they are here
///     chapters/…/Stubs                the same again, for `make reset`
///     .github/workflows               the workflow that grades
public struct Handout {
  /// The line of Package.swift that names the folders beside a program.
  static let folders =
    #"let exerciseFolders = ["Exercises", "Hints", "Mutants", "Solutions"]"#
  static let foldersOfClass =
    #"let exerciseFolders = ["Exercises", "Hints", "Stubs"]"#

  /// What only the course itself needs.
  private static let leftOut = [
    ".ci/", ".github/workflows/", ".github/gradescope/", ClassroomFile.path,
  ]

  private let project: Project
  private let git: URL

  /// - Parameters:
  ///   - project: The course's clone.
  ///   - toolbox: Finds git.
  /// - Throws: ``Diagnosis`` if there is none.
  public init(of project: Project, with toolbox: Toolbox) throws {
    self.project = project
    git = try toolbox.require(.git)
  }

  /// Writes the repository, with one commit.
  ///
  /// - Parameter folder: It must not be there yet, or be empty.
  /// - Returns: How many files it has.
  /// - Throws: ``Failure``.
  public func write(to folder: URL) throws -> Int {
    let manager = FileManager.default
    let inside = try? manager.contentsOfDirectory(atPath: folder.path)
    guard inside?.isEmpty != false else {
      throw Failure(
        "\(folder.path) is not empty.",
        advice: "Name a new folder: make handout OUT=../class")
    }
    for path in try paths() { try copy(path, to: folder) }
    try writeExercises(to: folder)
    try write(
      ClassroomFile(of: project.table.exercises).text,
      to: folder.appending(path: ".github/workflows/classroom.yml"))
    return try commit(folder)
  }

  /// The files that git knows here, without the answers.
  private func paths() throws -> [String] {
    try Git(root: project.root, tool: git).run(["ls-files", "-z"])
      .split(separator: "\0").map(String.init)
      .filter { path in
        let isAnswer = ["/Solutions/", "/Mutants/", "/Exercises/"]
          .contains { path.hasPrefix("chapters/") && path.contains($0) }
        return !isAnswer && !Self.leftOut.contains { path.hasPrefix($0) }
      }
  }

  private func copy(_ path: String, to folder: URL) throws {
    let source = project.root.appending(path: path)
    // Known to git, and gone.
    guard FileManager.default.fileExists(atPath: source.path) else { return }
    let target = folder.appending(path: path)
    guard path != "Package.swift" else {
      return try write(try manifest(of: source), to: target)
    }
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: source, to: target)
  }

  private func manifest(of source: URL) throws -> String {
    let text = try ExerciseFiles.text(of: source)
    guard text.contains(Self.folders) else {
      throw Failure(
        "Package.swift has no line `\(Self.folders)`.",
        advice: "Is this clone a handout itself?")
    }
    return text.replacing(Self.folders, with: Self.foldersOfClass)
  }

  private func writeExercises(to folder: URL) throws {
    for exercise in project.table.exercises {
      let stub = try ExerciseFiles(exercise, in: project).stub()
      let chapter = project.table.chapters.first {
        $0.number == exercise.chapter
      }
      for kind in ["Exercises", "Stubs"] {
        let path = "\(chapter?.folder ?? "")/\(kind)/\(exercise.file).swift"
        try write(stub, to: folder.appending(path: path))
      }
    }
  }

  private func write(_ text: String, to file: URL) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func commit(_ folder: URL) throws -> Int {
    let repository = Git(root: folder, tool: git)
    let name = "Swiftkraft"
    let author = [
      "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": "course@localhost",
      "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": "course@localhost",
    ]
    _ = try repository.run(["init", "--quiet", "--initial-branch=main"])
    _ = try repository.run(["add", "--all", "--force", "."])
    _ = try repository.run(
      ["commit", "--quiet", "--no-verify", "-m", "The course, as handed out"],
      environment: author)
    return try repository.files(of: "HEAD").count
  }
}
