// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Publishing
@testable import Runner

/// What `make help` and the texts of a tree name is there: on the main branch,
/// and on each chapter's.
@Suite struct AdvertisedTests {
  let clone = Clone()

  @Test func `this tree has what it advertises`() throws {
    try expectAllThere(in: clone.root)
  }

  @Test(.enabled(if: Clone().holds("book"), "branches are made on main"))
  func `each branch has what it advertises`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "swiftkraft-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let git = try Toolbox().require(.git)
    _ = try Git(root: clone.root, tool: git)
      .run(["clone", "--quiet", ".", folder.path])
    let copy = Git(root: folder, tool: git)
    _ = try copy.run(["checkout", "--quiet", "-B", "main"])
    let branches = try ChapterBranches(
      of: Project(root: folder), with: Toolbox()
    ).write()
    for (branch, commit) in branches {
      _ = try copy.run(["checkout", "--quiet", "--detach", commit])
      try expectAllThere(in: folder, "\(branch): ")
    }
  }

  private func expectAllThere(in root: URL, _ branch: String = "") throws {
    let tree = try AdvertisingTree(root: root)
    #expect(try tree.commands.count > 15)
    for command in try tree.commands {
      if let problem = try tree.problem(with: command) {
        Issue.record("\(branch)\(problem)")
      }
    }
    for (file, path) in try tree.paths where !tree.holds(path) {
      Issue.record("\(branch)\(file) names \(path), which is not there")
    }
  }
}

/// A tree of files with texts that name commands and other files.
struct AdvertisingTree {
  let root: URL
  private let table: CourseTable
  private let make = URL(filePath: "/usr/bin/env")

  init(root: URL) throws {
    self.root = root
    table = try Project(root: root).table
  }

  func holds(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// The texts that a student reads.
  private var texts: [(file: String, text: String)] {
    get throws {
      let names =
        try FileManager.default.subpathsOfDirectory(
          atPath: root.appending(path: "chapters").path
        ).map { "chapters/\($0)" } + ["README.md", ".github/CONTRIBUTING.md"]
      return try names.filter { $0.hasSuffix(".md") && holds($0) }.map { name in
        let file = root.appending(path: name)
        return (name, try String(contentsOf: file, encoding: .utf8))
      }
    }
  }

  /// All `make …` of `make help` and the texts, as words.
  var commands: Set<[Substring]> {
    get throws {
      let help = try run(["help"])
      let all = try [help.text] + texts.flatMap { Self.code(in: $0.text) }
      // In the text of help, a command begins its line.
      return Set(
        all.joined(separator: "\n").matches(
          of: /(?:^|[\s`])make ([a-z][a-zA-Z0-9-]*)((?: [A-Z]+=\S+)*)/
        ).map { [$0.1] + $0.2.split(separator: " ") }
          .filter { !Self.prose.contains($0[0]) })
    }
  }

  /// What stands behind "make" in code, and is no target of it.
  private static let prose: Set<Substring> = ["git"]

  /// Files and folders that the texts link to, or name as code.
  var paths: [(file: String, path: String)] {
    get throws {
      try texts.flatMap { file, text in
        let folder = file.split(separator: "/").dropLast().joined(
          separator: "/")
        let links = text.matches(of: /\]\(([^):#]+)[)#]/).map {
          folder.isEmpty ? "\($0.1)" : "\(folder)/\($0.1)"
        }
        let named = Self.code(in: text).joined(separator: "\n").matches(
          of: /(?:^|[\s`"])((?:Sources|Tests|chapters|book)\/[\w\/.+-]*)/
        ).map { String($0.1) }
        // A library's name stands for NAME, a chapter's number for chN.
        return (links + named).filter { !$0.contains(/NAME|chN/) }
          .map { (file, $0) }
      }
    }
  }

  /// The parts of a text that are code: fenced, or between single backticks.
  private static func code(in text: String) -> [String] {
    text.split(separator: "```", omittingEmptySubsequences: false)
      .enumerated().flatMap { index, part in
        index % 2 == 1
          ? [String(part)]
          : part.matches(of: /`([^`]+)`/).map { String($0.1) }
      }
  }

  /// Why a command cannot be had here, or nil: its rule, its chapter, its
  /// exercise, or a file that the rule names.
  func problem(with command: [Substring]) throws -> String? {
    let line = "make " + command.joined(separator: " ")
    if let chapter = command[0].firstMatch(of: /-(ch[0-9]+)$/)?.1,
      table.chapter(of: String(chapter)) == nil
    {
      return "`\(line)`: there is no \(chapter)"
    }
    let id = command.first { $0.hasPrefix("EX=") }?.dropFirst(3)
    if let id, !table.exercises.contains(where: { $0.id == id }) {
      return "`\(line)`: there is no exercise \(id)"
    }
    guard command[0] != "run-chN", command[0] != "debug-chN" else { return nil }
    let answer = try run(["--dry-run"] + command.map(String.init))
    guard answer.succeeded else { return "`\(line)`: \(answer.complaint)" }
    guard !answer.text.contains("git switch main") else {
      return "`\(line)` is of the main branch only"
    }
    let files = answer.text.matches(
      of: /(?:^|[\s"=])((?:Sources|Tests|book)\/[\w\/.-]+\.sh)/)
    let missing = files.map { String($0.1) }.first { !holds($0) }
    return missing.map { "`\(line)` needs \($0), which is not there" }
  }

  private func run(_ arguments: [String]) throws -> Answer {
    var command = Command(make, ["make", "--no-print-directory"] + arguments)
    command.folder = root
    // That of a `make test` around this would reach the one within.
    command.environment = ["MAKEFLAGS": "", "MAKELEVEL": ""]
    return try command.run(within: 600)
  }
}
