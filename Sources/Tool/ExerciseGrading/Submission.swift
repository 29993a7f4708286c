// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// What a student hands in: some files, or a whole clone.
///
///     chapters/ch1-boot/Exercises/Sizes.swift     an answer, by its place
///     Sizes.swift                                 an answer, the only one
///     chapters/ch1-boot/Solutions/Sizes.swift     never
///
/// Two files of one name are no answer: which of them counts is not for the
/// grader to guess.
public struct Submission {
  /// No answer is longer.
  static let mostBytes = 1 << 20

  /// What is no part of a student's work.
  private static let ignored: Set = [
    "solutions", "mutants", "stubs", ".build", ".git", "__macosx",
  ]

  private let folder: URL
  /// Names in lower case: some systems do not tell `sizes.swift` from
  /// `Sizes.swift`.
  private let files: [String: [URL]]

  /// - Parameter folder: Where it was unpacked.
  /// - Throws: ``Failure`` if it cannot be read.
  public init(in folder: URL) throws {
    self.folder = folder
    let manager = FileManager.default
    guard (try? manager.contentsOfDirectory(atPath: folder.path)) != nil,
      let paths = manager.enumerator(atPath: folder.path)
    else { throw Failure("\(folder.path) is no folder that can be read.") }
    var found: [URL] = []
    while let path = paths.nextObject() as? String {
      let file = folder.appending(path: path)
      let name = file.lastPathComponent.lowercased()
      if Self.ignored.contains(name) { paths.skipDescendants() }
      if name.hasSuffix(".swift") { found.append(file) }
    }
    files = Dictionary(
      grouping: found.sorted { $0.path < $1.path },
      by: { $0.lastPathComponent.lowercased() })
  }

  /// Puts the answers in place of the student's files in a clone; what was not
  /// handed in is as it was at first.
  ///
  /// - Parameter project: The clone that grades.
  /// - Returns: What is wrong with what was handed in, by exercise.
  /// - Throws: What the system says if the clone cannot be written.
  public func place(in project: Project) throws -> [String: String] {
    var wrong: [String: String] = [:]
    for exercise in project.table.exercises {
      let target = try ExerciseFiles(exercise, in: project)
      var text = Data(try target.stub().utf8)
      switch answer(to: exercise) {
      case .none: break
      case .wrong(let words): wrong[exercise.id] = words
      case .file(let answer): text = answer
      }
      try? FileManager.default.removeItem(at: target.own)
      try text.write(to: target.own)
    }
    return wrong
  }

  private enum Found {
    case none
    case file(Data)
    case wrong(String)
  }

  private func answer(to exercise: Exercise) -> Found {
    let name = "\(exercise.file).swift"
    let found = files[name.lowercased()] ?? []
    guard let file = found.first else { return .none }
    guard found.count == 1 else {
      let places = found.map(short).joined(separator: ", ")
      return .wrong(
        "error: \(found.count) files are called \(name): \(places); hand in one"
      )
    }
    let values = try? file.resourceValues(forKeys: [
      .isRegularFileKey, .isSymbolicLinkKey, .fileSizeKey,
    ])
    guard values?.isSymbolicLink != true, values?.isRegularFile == true else {
      return .wrong("error: \(short(file)) is no file but a link or a folder")
    }
    guard values?.fileSize ?? 0 <= Self.mostBytes,
      let text = try? Data(contentsOf: file)
    else {
      return .wrong(
        "error: \(short(file)) cannot be read, or is longer than 1 MiB")
    }
    return .file(text)
  }

  private func short(_ file: URL) -> String {
    String(file.path.dropFirst(folder.path.count))
      .trimmingPrefix("/").description
  }
}
