// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Writes the package of a new application, ready to be booted.
///
///     Sources/Tool/NewApplication/ ─▶ Package.swift, main.swift, Makefile, …
///
/// The files there are a package as they are; only the application's name and
/// the dependency are put in their places.
public struct NewApplication {
  private let project: Project
  private let folder: URL
  private let dependency: Dependency

  /// How the package finds Swiftkraft.
  public enum Dependency: Equatable, Sendable {
    /// This clone, by its path.
    case clone
    /// A repository, and the oldest version that will do.
    case repository(url: String, version: String)
  }

  /// - Parameters:
  ///   - folder: Where the package will be; its last word is the program's
  ///     name.
  ///   - dependency: How it finds Swiftkraft.
  ///   - project: The clone.
  /// - Throws: ``Failure`` if the name cannot be used.
  public init(
    at folder: URL, dependingOn dependency: Dependency, _ project: Project
  ) throws(Failure) {
    self.project = project
    self.folder = folder.standardizedFileURL
    self.dependency = dependency
    try check()
  }

  /// What the program and its image are called.
  public var name: String { folder.lastPathComponent }

  /// Writes the files.
  ///
  /// - Throws: ``Failure`` if something is there already, or what the system
  ///   says.
  public func write() throws {
    let manager = FileManager.default
    let there = try? manager.contentsOfDirectory(atPath: folder.path)
    guard there?.isEmpty ?? !manager.fileExists(atPath: folder.path) else {
      throw Failure(
        "There is something at \(folder.path) already.",
        advice: "Choose another name, or remove what is there.")
    }
    try manager.createDirectory(
      at: folder, withIntermediateDirectories: true)
    for (file, text) in try texts() {
      try Data(text.utf8).write(to: folder.appending(path: file))
    }
  }

  private func texts() throws -> [(file: String, text: String)] {
    let templates = project.root.appending(path: "Sources/Tool/NewApplication")
    let files = ["Package.swift", "main.swift", "Makefile", "README.md"]
    return try files.map { file in
      let text = try String(
        contentsOf: templates.appending(path: file), encoding: .utf8)
      return (file, filledIn(text))
    } + [(".gitignore", ".build/\n.swiftpm/\n")]
  }

  private func filledIn(_ text: String) -> String {
    text.replacing(/\bApplication\b/, with: name)
      .replacing(
        #".package(name: "swiftkraft", path: "../swiftkraft")"#,
        with: declaration
      )
      .replacing(
        #"package: "swiftkraft""#, with: "package: \"\(identity)\"")
  }

  private var declaration: String {
    switch dependency {
    case .clone: #".package(name: "swiftkraft", path: "\#(pathToClone)")"#
    case .repository(let url, let version):
      #".package(url: "\#(url)", from: "\#(version)")"#
    }
  }

  /// What SwiftPM calls the dependency: the last word of its URL.
  private var identity: String {
    guard case .repository(let url, _) = dependency else { return "swiftkraft" }
    let word = url.split(separator: "/").last.map(String.init) ?? ""
    return word.hasSuffix(".git") ? String(word.dropLast(4)) : word
  }

  /// From the application's folder, so that both can move together.
  private var pathToClone: String {
    let clone = project.root.resolvingSymlinksInPath().pathComponents
    let own = folder.resolvingSymlinksInPath().pathComponents
    let common = zip(clone, own).prefix { $0 == $1 }.count
    let path = own.dropFirst(common).map { _ in ".." } + clone[common...]
    return path.joined(separator: "/")
  }
}

extension NewApplication {
  private func check() throws(Failure) {
    guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
      throw Failure(
        "An application cannot be called \(name), for its module could not.",
        advice: "Take letters, digits and _, and no digit first: "
          + "make new APP=\(proposal)")
    }
    let isReserved = ["swift", "main", "swiftkraft"].contains(name.lowercased())
    guard !isReserved, !project.table.libraries.map(\.name).contains(name)
    else {
      throw Failure(
        "An application cannot be called \(name): \(name) is a name of Swift's "
          + "or of Swiftkraft's own.", advice: "Choose another name.")
    }
    // What the manifest holds is compiled and run.
    guard pathToClone.wholeMatch(of: /[^"\\\p{Cc}]+/) != nil else {
      throw Failure(
        "The path of this clone holds a quote or a backslash.",
        advice: "Move it to another folder.")
    }
    guard case .repository(let url, let version) = dependency else { return }
    guard url.wholeMatch(of: /[A-Za-z0-9_.~:\/@%+-]+/) != nil,
      identity.wholeMatch(of: /[A-Za-z0-9_.-]+/) != nil, !url.hasPrefix("-")
    else {
      throw Failure(
        "`\(url)` is no address of a repository.",
        advice: "For example: --url https://example.org/swiftkraft.git")
    }
    guard version.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+/) != nil else {
      throw Failure(
        "\(url) needs a version of three numbers with it"
          + (version.isEmpty ? "." : "; `\(version)` is none."),
        advice: "For example: --version 1.0.0, for a repository with that tag.")
    }
  }

  /// The folder beside it with the nearest name that can be used.
  private var proposal: String {
    let word = String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return folder.deletingLastPathComponent()
      .appending(path: word.first?.isNumber == true ? "_" + word : word).path
  }
}
