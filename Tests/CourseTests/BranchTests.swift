// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Publishing
@testable import Runner

/// `make branches`, in a clone of the last commit.
@Suite(.serialized) struct BranchTests {
  let tool = BuiltTool()

  /// A clone of its own, gone after the test.
  private func withClone(_ body: (Git) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "swiftkraft-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let git = try Toolbox().require(.git)
    let here = Git(root: tool.clone.root, tool: git)
    _ = try here.run(["clone", "--quiet", ".", folder.path])
    let clone = Git(root: folder, tool: git)
    _ = try clone.run(["checkout", "--quiet", "-B", "main"])
    _ = try clone.run(["config", "user.name", "A student"])
    _ = try clone.run(["config", "user.email", "student@example.com"])
    try body(clone)
  }

  private func makeBranches(in clone: Git) throws {
    _ = try ChapterBranches(of: Project(root: clone.root), with: Toolbox())
      .write()
  }

  private var images: [String] { tool.clone.table.chapters.map(\.image) }

  @Test func `there is a branch for each chapter, a child of the one before`()
    throws
  {
    try withClone { clone in
      try makeBranches(in: clone)
      for (earlier, later) in zip(images, images.dropFirst()) {
        let parent = try clone.run(["rev-parse", "\(later)^"])
        #expect(clone.tip(of: earlier) == parent)
      }
    }
  }

  @Test func `the newest branch holds all that main holds but the book`() throws
  {
    try withClone { clone in
      try makeBranches(in: clone)
      let newest = try #require(images.last)
      let range = ["diff", "--numstat", "main", newest, "--"]
      let others = ChapterTree.onMainOnly.map { ":!\($0)" }
      #expect(try clone.run(range + others + [":!README.md"]) == "")
      // Lines are missing there, and none is another.
      let readme = try clone.run(range + ["README.md"])
      #expect(readme.hasPrefix("0\t"), "\(readme)")
    }
  }

  @Test func `a chapter's difference is what the chapter introduces`() throws {
    let table = tool.clone.table
    try withClone { clone in
      try makeBranches(in: clone)
      for (earlier, later) in zip(table.chapters, table.chapters.dropFirst()) {
        let changed = try clone.run([
          "diff", "--name-status", earlier.image, later.image,
        ])
        for row in changed.split(separator: "\n") where row.hasPrefix("A") {
          let path = row.dropFirst(2)
          let words =
            [later.image, "Ch\(later.number)", "\(later.number)."]
            + table.libraries.filter { $0.chapter == later.number }.map(\.name)
          #expect(
            words.contains { path.contains($0) }
              || path.hasPrefix("Tests/Images/")
              || path.hasPrefix("Tests/Devices/SimulatedDevices/"),
            "\(path) is no part of chapter \(later.number)")
        }
      }
    }
  }

  @Test func `the same files give the same commits`() throws {
    try withClone { clone in
      try makeBranches(in: clone)
      let first = images.map { clone.tip(of: $0) }
      try makeBranches(in: clone)
      #expect(images.map { clone.tip(of: $0) } == first)
    }
  }

  @Test func `the work tree and the current branch stay as they are`() throws {
    try withClone { clone in
      let file = clone.root.appending(path: "README.md")
      try Data("mine\n".utf8).write(to: file)
      let before = try clone.run(["status", "--porcelain", "--branch"])
      try makeBranches(in: clone)
      #expect(try clone.run(["status", "--porcelain", "--branch"]) == before)
      #expect(try String(contentsOf: file, encoding: .utf8) == "mine\n")
    }
  }

  @Test func `a branch with commits of the student's own is left alone`() throws
  {
    try withClone { clone in
      try makeBranches(in: clone)
      _ = try clone.run(["switch", "--quiet", "ch1"])
      _ = try clone.run(["commit", "--quiet", "--allow-empty", "-m", "mine"])
      _ = try clone.run(["switch", "--quiet", "main"])
      let mine = clone.tip(of: "ch1")
      let failure = #expect(throws: Failure.self) {
        try makeBranches(in: clone)
      }
      #expect(failure?.advice.contains("git branch -m ch1") == true)
      #expect(clone.tip(of: "ch1") == mine)
    }
  }

  @Test func `a branch that is checked out is not moved`() throws {
    try withClone { clone in
      try makeBranches(in: clone)
      _ = try clone.run(["switch", "--quiet", "ch1"])
      #expect(throws: Failure.self) { try makeBranches(in: clone) }
    }
  }
}
