// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// How an image is compiled.
public enum Configuration: String, Sendable {
  case release
  case debug
}

/// Builds images for the board with SwiftPM.
public struct ImageBuild: Sendable {
  private static let triple = "riscv64-none-none-eabi"

  private let project: Project
  private let toolbox: Toolbox
  private let configuration: Configuration
  private let usesExercises: Bool
  private let isTraced: Bool

  /// - Parameters:
  ///   - project: The clone to build.
  ///   - toolbox: Finds `swift`.
  ///   - configuration: How to compile.
  ///   - usesExercises: Whether a chapter's program gets the student's
  ///     exercises where they fit.
  ///   - isTraced: Whether the image tells at its end what its scheduler did.
  public init(
    of project: Project, with toolbox: Toolbox,
    _ configuration: Configuration = .release, usesExercises: Bool = false,
    isTraced: Bool = false
  ) {
    self.project = project
    self.toolbox = toolbox
    self.configuration = configuration
    self.usesExercises = usesExercises
    self.isTraced = isTraced
  }

  /// Where an image lies once it is built.
  public func path(of name: String) -> URL {
    scratch.appending(path: "\(Self.triple)/\(configuration)/\(name)")
  }

  /// Makes sure that an image is up to date.
  ///
  /// - Parameters:
  ///   - name: A chapter's image or one of the tests' images.
  ///   - announce: Called before work that takes seconds.
  /// - Returns: Where the image lies.
  /// - Throws: ``Failure``, ``Diagnosis`` or ``Interrupted``.
  public func image(
    _ name: String, announce: () -> Void = {}
  ) throws -> URL {
    let source = try source(of: name)
    let swift = try toolbox.require(.swift)
    let path = path(of: name)
    let stamp = Stamp(
      file: path.appendingPathExtension("stamp"),
      of: Stamp.inputs(of: project, program: source) + [swift])
    if stamp.isFresh, isThere(path) { return path }
    announce()
    try build(name, with: swift)
    guard isThere(path) else { throw Diagnosis.imageMissing(path) }
    stamp.write()
    return path
  }

  /// The program's folder, which also tells whether there is such an image.
  private func source(of name: String) throws -> URL {
    if let chapter = project.table.chapter(of: name) {
      return project.root.appending(path: chapter.folder)
    }
    let test = project.root.appending(path: "Tests/Images/\(name)")
    guard !name.isEmpty, !name.contains("/"), isThere(test) else {
      throw Failure.unknownImage(name, in: project.table)
    }
    return test
  }

  private func build(_ name: String, with swift: URL) throws {
    let answer = try command(for: name, with: swift).run()
    guard !answer.succeeded else { return }
    let words = Self.compilerWords(answer.text + answer.complaint)
    guard !Self.lacksRoom(words) else {
      throw Diagnosis.hostIsFull(scratch.path)
    }
    throw Diagnosis.buildFailed(
      name, words: words.replacing(project.root.path + "/", with: ""))
  }

  private func command(for name: String, with swift: URL) -> Command {
    var command = Command(
      swift,
      [
        "build", "--configuration", configuration.rawValue,
        "--triple", Self.triple, "--scratch-path", scratch.path,
        "--product", name,
      ])
    command.environment = ["SWIFTKRAFT_BOARD": "virt"]
    if isTraced { command.environment["SWIFTKRAFT_TRACE"] = "1" }
    if usesExercises {
      command.environment["SWIFTKRAFT_PLUG"] = "mine"
      command.environment["SWIFTKRAFT_WITHOUT"] = unstarted
    }
    command.folder = project.root
    return command
  }

  /// The compiler says so too, as an error of the program.
  static func lacksRoom(_ words: String) -> Bool {
    [ENOSPC, EDQUOT, EFBIG].contains {
      words.localizedStandardContains(StandardFile.words($0))
    }
  }

  /// Without SwiftPM's progress, `[3/7] Compiling …`, and without repeats.
  static func compilerWords(_ text: String) -> String {
    var seen: Set<Substring> = []
    return text.split(separator: "\n", omittingEmptySubsequences: true)
      .filter { line in
        guard line.firstMatch(of: /^\[[0-9]+\/[0-9]+\]/) == nil,
          !line.hasPrefix("Building for "), !line.hasPrefix("Another instance")
        else { return false }
        return !line.contains(": error: ") || seen.insert(line).inserted
      }
      .joined(separator: "\n")
  }

  /// The exercises that have no answer yet: the kernel keeps its own there.
  private var unstarted: String {
    project.table.exercises
      .filter { exercise in
        let files = try? ExerciseFiles(exercise, in: project)
        return (try? files?.isStarted()) != true
      }
      .map(\.id).joined(separator: " ")
  }

  /// One folder for each way to build, so that none disturbs another.
  private var scratch: URL {
    let name =
      "virt" + (usesExercises ? "-mine" : "") + (isTraced ? "-trace" : "")
    return project.buildFolder.appending(path: name)
  }

  private func isThere(_ path: URL) -> Bool {
    FileManager.default.fileExists(atPath: path.path)
  }
}

extension Failure {
  /// What to say of a name that no image has.
  ///
  /// - Parameters:
  ///   - name: As typed.
  ///   - table: The chapters that there are.
  /// - Returns: What is wrong.
  public static func unknownImage(
    _ name: String, in table: CourseTable
  ) -> Failure {
    let known = table.chapters
      .map { "\($0.image) (\($0.title))" }.joined(separator: ", ")
    return Failure(
      "There is no chapter \(name.isEmpty ? "without a name" : name).",
      advice: "These exist: \(known).")
  }
}
