// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// A row of the table of exercises.
public struct Exercise: Equatable, Sendable {
  /// Chapter and number, such as `1.2`.
  public let id: String
  /// The name of its file, without `.swift`.
  public let file: String
  /// What it is called.
  public let title: String
  /// What it is worth.
  public let points: Int
  /// How hard it is: 1 to 3.
  public let stars: Int
  /// How long it should take.
  public let minutes: Int
  /// The exercises to do before, by id.
  public let buildsOn: [String]

  /// The chapter that it belongs to.
  public var chapter: Int { Int(id.split(separator: ".")[0]) ?? 0 }

  /// `★★` and the like.
  public var starText: String { String(repeating: "★", count: stars) }
}

extension Exercise {
  /// A row of the table, or nil if it has another shape.
  init?(cells: [String]) {
    guard cells.count == 7, !cells[1].isEmpty, !cells[2].isEmpty,
      cells[0].wholeMatch(of: /[1-9][0-9]*\.[1-9][0-9]*/) != nil,
      let points = Int(cells[3]), points > 0,
      let stars = Int(cells[4]), (1...3).contains(stars),
      let minutes = Int(cells[5]), minutes > 0
    else { return nil }
    self.init(
      id: cells[0], file: cells[1], title: cells[2], points: points,
      stars: stars, minutes: minutes,
      buildsOn: cells[6].split(separator: " ").map(String.init)
        .filter { $0 != "-" })
  }
}

/// One exercise's files, and what they say.
public struct ExerciseFiles: Sendable {
  /// The exercise.
  public let exercise: Exercise
  private let folder: URL

  /// - Parameters:
  ///   - exercise: Which one.
  ///   - project: The clone that it lies in.
  /// - Throws: ``Failure`` if its chapter has no row.
  public init(_ exercise: Exercise, in project: Project) throws {
    guard
      let chapter = project.table.chapters.first(where: {
        $0.number == exercise.chapter
      })
    else { throw Failure("There is no chapter \(exercise.chapter).") }
    self.exercise = exercise
    folder = project.root.appending(path: chapter.folder)
  }

  /// The file that the student edits.
  public var own: URL { path("Exercises", ".swift") }

  /// The answer, with the stub between its lines. A class does not have it.
  public var solution: URL { path("Solutions", ".swift") }

  /// The chapter's program.
  package var program: URL { folder.appending(path: "main.swift") }

  /// Whether the chapter's program uses an answer to this exercise.
  package func isUsedByChapter() throws -> Bool {
    let condition = exercise.id.replacing(".", with: "_")
    return try Self.text(of: program).contains("#if EXERCISE_\(condition)\n")
  }

  /// Help in steps.
  public var hints: URL {
    folder.appending(path: "Hints/\(exercise.id).md")
  }

  /// A plausible wrong answer; they count from 1.
  public func mutant(_ number: Int) -> URL {
    path("Mutants", "-\(number).swift")
  }

  /// How many wrong answers there are, numbered without a gap.
  public var mutantCount: Int {
    var count = 0
    while FileManager.default.fileExists(atPath: mutant(count + 1).path) {
      count += 1
    }
    return count
  }

  /// The file that holds an answer.
  package func file(of answers: Answers) -> URL {
    switch answers {
    case .mine: own
    case .solutions: solution
    case .mutants(let number): mutant(number)
    }
  }

  private func path(_ kind: String, _ ending: String) -> URL {
    folder.appending(path: "\(kind)/\(exercise.file)\(ending)")
  }

  /// Whether the course's answer is there: a class does not get it.
  public var hasSolution: Bool {
    FileManager.default.fileExists(atPath: solution.path)
  }

  /// Whether the student's file is there.
  public var isThere: Bool {
    let file = own.resolvingSymlinksInPath()
    let values = try? file.resourceValues(forKeys: [.isRegularFileKey])
    return values?.isRegularFile == true
  }

  /// Whether the student's file is as it was handed out.
  public func isUntouched() throws -> Bool {
    // Lines may end as an editor likes.
    try text().split(whereSeparator: \.isNewline)
      == stub().split(whereSeparator: \.isNewline)
  }

  /// Whether a part of the student's answer is missing: only code counts, no
  /// comment.
  public func callsTodo() throws -> Bool {
    try SwiftTokens.of(text()).contains { $0.is("todo") }
  }

  /// The student's file as it was at first: part of the solution, or a file of
  /// its own where there is none.
  public func stub() throws -> String {
    guard hasSolution else {
      return try Self.text(of: path("Stubs", ".swift"))
    }
    return Markers(try Self.text(of: solution)).stub
  }

  /// The answer, without the lines that make the stub.
  public func answer() throws -> String {
    Markers(try Self.text(of: solution)).answer
  }

  /// The hints, each a step further than the one before.
  public func steps() throws -> [String] {
    let parts = try Self.text(of: hints).split(
      separator: /(^|\r?\n)## Step [0-9]+/, omittingEmptySubsequences: false)
    return parts.dropFirst()
      .map { String($0).trimmingCharacters(in: .whitespacesAndNewlines) }
  }

  /// The student's file as it is now.
  public func text() throws -> String { try Self.text(of: own) }

  /// Copies the student's file to a place of its own, byte for byte.
  ///
  /// - Returns: Where it is now. No earlier copy is overwritten.
  public func backUp(in folder: URL) throws -> URL {
    let backups = folder.appending(path: "backups")
    try FileManager.default.createDirectory(
      at: backups, withIntermediateDirectories: true)
    var time = Int(Date().timeIntervalSince1970)
    var copy: URL { backups.appending(path: "\(exercise.file)-\(time).swift") }
    while FileManager.default.fileExists(atPath: copy.path) { time += 1 }
    try FileManager.default.copyItem(at: own, to: copy)
    return copy
  }

  /// The student's answer beside the course's, as `git diff` shows it.
  public func differenceToAnswer(
    in project: Project, with toolbox: Toolbox
  ) throws -> String {
    guard try text() != answer() else { return "The same, word for word." }
    let answer = try project.scratchFolder().appending(
      path: "solution-\(exercise.id).swift")
    try Data(self.answer().utf8).write(to: answer)
    let git = Command(
      try toolbox.require(.git),
      ["diff", "--no-index", "--", own.path, answer.path])
    return try git.run().text
  }

  package static func text(of file: URL) throws -> String {
    do {
      return try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw Failure("\(file.path) cannot be read.")
    }
  }
}
