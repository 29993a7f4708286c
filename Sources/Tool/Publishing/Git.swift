// SPDX-License-Identifier: BSD-3-Clause

import Benchmarks
import ExerciseGrading
import Foundation
import Runner

/// A clone's history, through `git` itself.
struct Git {
  let root: URL
  let tool: URL

  /// Runs one command.
  ///
  /// - Returns: What it prints, without empty lines at either end.
  /// - Throws: ``Failure`` with git's own words.
  func run(
    _ arguments: [String], input: String = "",
    environment: [String: String] = [:]
  ) throws -> String {
    try output(arguments, input: input, environment: environment)
      .trimmingCharacters(in: .newlines)
  }

  private func output(
    _ arguments: [String], input: String = "",
    environment: [String: String] = [:]
  ) throws -> String {
    var command = Command(tool, arguments)
    command.folder = root
    command.environment = environment
    let answer = try command.run(input: input)
    guard answer.succeeded else {
      throw Failure(
        "git \(arguments[0]) failed.", advice: answer.complaint)
    }
    return answer.text
  }

  /// One file of a tree.
  struct Entry: Equatable {
    var mode: String
    var object: String
    var path: String
  }

  /// All files of a commit.
  func files(of commit: String) throws -> [Entry] {
    try run(["ls-tree", "-r", "-z", commit]).split(separator: "\0").map { row in
      let (facts, path) = (row.prefix { $0 != "\t" }, row.drop { $0 != "\t" })
      let words = facts.split(separator: " ")
      return Entry(
        mode: String(words[0]), object: String(words[2]),
        path: String(path.dropFirst()))
    }
  }

  /// The text of a file.
  func text(of object: String) throws -> String {
    try output(["cat-file", "blob", object])
  }

  /// Stores a text.
  func store(_ text: String) throws -> String {
    try run(["hash-object", "-w", "--stdin"], input: text)
  }

  /// Stores a tree, without touching the clone's own index.
  func store(_ entries: [Entry], in folder: URL) throws -> String {
    let index = folder.appending(path: "branch-\(UUID().uuidString).index")
    defer { try? FileManager.default.removeItem(at: index) }
    let environment = ["GIT_INDEX_FILE": index.path]
    let rows = entries.map { "\($0.mode) \($0.object)\t\($0.path)\0" }
    _ = try run(
      ["update-index", "-z", "--index-info"], input: rows.joined(),
      environment: environment)
    return try run(["write-tree"], environment: environment)
  }

  /// The commit that a branch points to, or nil if there is no such branch.
  func tip(of branch: String) -> String? {
    try? run(["rev-parse", "--verify", "--quiet", "refs/heads/\(branch)"])
  }
}
