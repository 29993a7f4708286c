// SPDX-License-Identifier: BSD-3-Clause

import Benchmarks
import ExerciseGrading
import Foundation
import Runner

/// The course as a row of branches, `ch1` to `chN`, each a child of the one
/// before: `git diff ch1 ch2` is what chapter 2 adds.
///
///     HEAD ─▶ its files ─▶ those of chapters 1 to N ─▶ a commit ─▶ branch chN
///
/// They are made from the last commit, never edited. The work tree, the index
/// and the current branch stay as they are. The same files give the same
/// commits, wherever and whenever they are made.
public struct ChapterBranches {
  private static let author = "Swiftkraft course"
  private static let address = "course@swiftkraft.invalid"
  private static let date = "2026-01-01T00:00:00Z"

  private let project: Project
  private let git: Git

  /// - Parameters:
  ///   - project: The clone that gets the branches.
  ///   - toolbox: Finds `git`.
  /// - Throws: ``Diagnosis`` if there is no git.
  public init(of project: Project, with toolbox: Toolbox) throws {
    self.project = project
    git = Git(root: project.root, tool: try toolbox.require(.git))
  }

  /// Writes all branches, or none.
  ///
  /// - Returns: Their names and the commits that they point to now.
  /// - Throws: ``Failure`` if a branch of that name is not one of these, has
  ///   commits of the student's own, or is checked out.
  public func write() throws -> [(branch: String, commit: String)] {
    let table = try committedTable()
    try table.chapters.forEach { try refuseOthers($0.image) }
    var made: [(branch: String, commit: String)] = []
    for chapter in table.chapters {
      let commit = try commit(
        chapter, in: table, after: made.last?.commit)
      made.append((chapter.image, commit))
    }
    let updates = made.map { "update refs/heads/\($0.branch) \($0.commit)\n" }
    _ = try git.run(["update-ref", "--stdin"], input: updates.joined())
    return made
  }

  private func committedTable() throws -> CourseTable {
    let manifest = try git.run(["show", "HEAD:Package.swift"])
    do {
      return try CourseTable(manifest: manifest)
    } catch {
      throw Failure("\(error)")
    }
  }

  private func refuseOthers(_ branch: String) throws {
    guard let tip = git.tip(of: branch) else { return }
    let current = try? git.run(["symbolic-ref", "--quiet", "--short", "HEAD"])
    guard current != branch else {
      throw Failure(
        "The branch \(branch) is checked out.",
        advice: "Change to another one first: git switch main")
    }
    let email = try git.run(["log", "-1", "--format=%ae", tip])
    guard email == Self.address else {
      throw Failure(
        "The branch \(branch) has commits of your own; it stays as it is.",
        advice:
          "Give it another name first: git branch -m \(branch) my-\(branch)"
      )
    }
  }

  private func commit(
    _ chapter: Chapter, in table: CourseTable, after parent: String?
  ) throws -> String {
    let part = ChapterTree(table: table, number: chapter.number)
    let entries = try git.files(of: "HEAD").compactMap { try entry($0, part) }
    let tree = try git.store(entries, in: project.scratchFolder())
    let message = """
      Chapter \(chapter.number): \(chapter.title)

      Made by `make branches` from the course's main branch.
      """
    return try git.run(
      ["commit-tree", tree] + (parent.map { ["-p", $0] } ?? []),
      input: message + "\n", environment: Self.identity)
  }

  /// A file as it is at one chapter, or nil if it is not there.
  private func entry(
    _ entry: Git.Entry, _ part: ChapterTree
  ) throws -> Git.Entry? {
    guard try part.holds(entry.path, text: { try git.text(of: entry.object) })
    else { return nil }
    guard ChapterTree.hasLinesOfChapters(entry.path) else { return entry }
    let whole = try git.text(of: entry.object)
    let text = part.text(of: entry.path, whole: whole)
    var changed = entry
    if text != whole { changed.object = try git.store(text) }
    return changed
  }

  private static let identity = [
    "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": address,
    "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_NAME": author,
    "GIT_COMMITTER_EMAIL": address, "GIT_COMMITTER_DATE": date,
  ]
}
