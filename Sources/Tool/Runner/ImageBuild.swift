// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// How an image is compiled.
public enum Configuration: String, Sendable {
  case release
  case debug
}

/// Builds images for the board with SwiftPM.
public struct ImageBuild: Sendable {
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
    let triple = PackageBuild.triple
    return scratch.appending(path: "\(triple)/\(configuration)/\(name)")
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
    if let application = project.application {
      return try image(
        application.program(named: [name]), of: application, announce)
    }
    let source = try source(of: name)
    let swift = try toolbox.require(.swift)
    let path = path(of: name)
    let stamp = Stamp(
      file: path.appendingPathExtension("stamp"),
      of: Stamp.inputs(of: project, program: source) + [swift])
    if stamp.isFresh, isThere(path) { return path }
    announce()
    try package(with: swift).build(name)
    guard isThere(path) else { throw Diagnosis.imageMissing(path) }
    stamp.write()
    return path
  }

  /// SwiftPM alone knows which files make up a package outside of the clone, so
  /// it is asked each time.
  private func image(
    _ name: String, of application: Application, _ announce: () -> Void
  ) throws -> URL {
    guard !usesExercises else {
      throw Failure("Exercises are of the chapters; \(name) has none.")
    }
    let path = path(of: name)
    if !isThere(path) { announce() }
    try package(with: toolbox.require(.swift)).build(name)
    guard isThere(path) else { throw Diagnosis.imageMissing(path) }
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

  private func package(with swift: URL) throws -> PackageBuild {
    var build = PackageBuild(
      project: project, swift: swift, scratch: scratch, board: configuration)
    if isTraced { build.variables["SWIFTKRAFT_TRACE"] = "1" }
    guard usesExercises else { return build }
    let (finished, missing) = try exercises()
    build.variables["SWIFTKRAFT_EXERCISES"] = "mine"
    build.variables["SWIFTKRAFT_PLUG"] = finished.joined(separator: " ")
    build.variables["SWIFTKRAFT_WITHOUT"] = missing.joined(separator: " ")
    return build
  }

  /// The exercises that have a whole answer, and those whose file is gone. The
  /// kernel keeps its own code in place of the others.
  private func exercises() throws -> (finished: [String], missing: [String]) {
    let files = try project.table.exercises
      .map { try ExerciseFiles($0, in: project) }
    return (
      files.filter { $0.isThere && (try? $0.callsTodo()) == false }
        .map(\.exercise.id),
      files.filter { !$0.isThere }.map(\.exercise.id)
    )
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
