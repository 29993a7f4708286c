// SPDX-License-Identifier: BSD-3-Clause

import Benchmarks
import ExerciseGrading
import Foundation
import Runner

/// Which part of the course belongs to chapters 1 to N: files as a whole, and
/// in a few files single lines.
///
/// Everything follows from the tables in Package.swift and from the names of
/// folders, so that a new chapter needs nothing here.
struct ChapterTree {
  let table: CourseTable
  let number: Int

  /// The chapters that come later.
  private var later: [Chapter] { table.chapters.filter { $0.number > number } }

  /// The libraries that come later.
  private var laterLibraries: [Library] {
    table.libraries.filter { $0.chapter > number }
  }

  /// Whether the file at `path` is there at this chapter.
  ///
  /// - Parameters:
  ///   - path: Seen from the root.
  ///   - text: Reads the file, where its place does not tell.
  /// - Returns: Whether chapters 1 to N introduce it.
  func holds(_ path: String, text: () throws -> String) rethrows -> Bool {
    guard !Self.onMainOnly.contains(where: { path.hasPrefix($0) }) else {
      return false
    }
    guard !laterFolders.contains(where: { path.hasPrefix($0) }) else {
      return false
    }
    guard path.hasPrefix("Tests/Images/") else { return true }
    let lines = try text().split(separator: "\n")
    return !laterLibraries.contains { lines.contains("import \($0.name)") }
  }

  /// What speaks of the whole course, or serves those who work on it: the book,
  /// and the checks of a change. Both stay on the main branch.
  static let onMainOnly = ["book/", ".ci/", ".github/"]

  /// What a line names that needs them.
  private static let commandsOnMain = [
    "make book", "make branches", "make test-book", "make test-branches",
    ".github/",
  ]

  private var laterFolders: [String] {
    let ofChapters = later.flatMap { chapter in
      [
        chapter.folder + "/",
        "Tests/Exercises/Ch\(chapter.number)Checks/",
        "Tests/ExerciseTests/Ch\(chapter.number).swift",
      ]
    }
    let ofLibraries = laterLibraries.flatMap { library in
      ["\(library.folder)/", "\(library.tests)/"]
    }
    // They serve the tests of drivers.
    let hasDrivers = !laterLibraries.contains { $0.name == "Block" }
    let devices = hasDrivers ? [] : ["Tests/Devices/SimulatedDevices/"]
    return ofChapters + ofLibraries + devices
  }

  /// The text of the file at `path` as it is at this chapter.
  func text(of path: String, whole: String) -> String {
    if path == ClassroomFile.path {
      return ClassroomFile(
        of: table.exercises.filter { $0.chapter <= number }
      ).text
    }
    guard Self.hasLinesOfChapters(path) else { return whole }
    return
      whole
      .split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !isLater($0) && !(path == "README.md" && isOnMain($0)) }
      .filter { !(path == Self.map && leadsToLaterLibrary($0)) }
      .joined(separator: "\n")
  }

  /// Files that list chapters line by line, or step by step. All others are
  /// whole or absent.
  static func hasLinesOfChapters(_ path: String) -> Bool {
    [
      "Package.swift", "README.md", map, Budgets.path, OtherSystems.path,
      ClassroomFile.path,
    ].contains(path)
  }

  /// Where the libraries are, and what is where in them.
  private static let map = "Sources/README.md"

  /// Whether a line of the map has a link into a library that comes later.
  private func leadsToLaterLibrary(_ line: Substring) -> Bool {
    laterLibraries.contains { line.contains("](\($0.wing)/\($0.name)/") }
  }

  private func isOnMain(_ line: Substring) -> Bool {
    Self.commandsOnMain.contains { line.contains($0) }
  }

  private func isLater(_ line: Substring) -> Bool {
    if later.contains(where: { names($0, line) }) { return true }
    return laterLibraries.contains { isRow(of: $0.name, line) }
  }

  /// A row of a table, or a line that names the chapter's folder or image.
  private func names(_ chapter: Chapter, _ line: Substring) -> Bool {
    mentions(chapter.image, line) || isRow(ofChapter: chapter.number, line)
  }

  /// Whether the line uses a chapter's name, as in `make run-ch2` and
  /// `chapters/ch2-traps`. A list of names, such as "`ch1`, `ch2`, …", stays.
  private func mentions(_ image: String, _ line: Substring) -> Bool {
    line.ranges(of: image).contains { range in
      let before = line[..<range.lowerBound].last
      let after = line[range.upperBound...].first
      guard before?.isLetter != true, after?.isLetter != true,
        after?.isNumber != true
      else { return false }
      return before == "-" || [nil, " ", "-"].contains(after)
    }
  }

  /// Whether the first cell is the chapter's number, or an exercise's.
  private func isRow(ofChapter number: Int, _ line: Substring) -> Bool {
    guard line.contains("|"), let cell = line.split(separator: "|").first
    else { return false }
    let word = cell.trimmingCharacters(in: .whitespaces)
    return word == "\(number)" || word.hasPrefix("\(number).")
  }

  private func isRow(of library: String, _ line: Substring) -> Bool {
    let cells = line.split(separator: "|")
    return cells.count >= 3
      && cells[0].trimmingCharacters(in: .whitespaces) == library
  }
}
