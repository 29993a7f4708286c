// SPDX-License-Identifier: BSD-3-Clause

/// One lesson of the course, and the image that `ch` and its number name.
public struct Chapter: Equatable, Sendable {
  /// Whether a chapter is finished.
  public enum State: String, Sendable {
    /// Still being written: shown, but not the one that `make run` boots.
    case draft
    /// Finished.
    case ready
  }

  /// Counts from 1.
  public let number: Int
  /// The word in its folder's name.
  public let name: String
  /// What the book calls it.
  public let title: String
  /// Whether it is finished.
  public let state: State

  /// What commands call it, and what its image is called.
  public var image: String { "ch\(number)" }
  /// Where it lies, seen from the root of the repository.
  public var folder: String { "chapters/ch\(number)-\(name)" }
}

/// One of the kernel's modules.
public struct Library: Equatable, Sendable {
  /// The module's name.
  public let name: String
  /// The part of the house that it lies in.
  public let wing: String
  /// It imports lower floors only, and its own where the table's order allows.
  public let floor: Int
  /// The first chapter that links it.
  public let chapter: Int
  /// The modules that it imports.
  public let imports: [String]

  /// Where it lies, seen from the root of the repository.
  public var folder: String { "Sources/\(wing)/\(name)" }
  /// Where its tests lie.
  public var tests: String { "Tests/\(wing)/\(name)Tests" }
}

/// What is wrong with a table.
public enum CourseTableError: Error, Equatable {
  /// There is no table of this name.
  case missing(String)
  /// This row does not have the shape of its table.
  case malformed(row: String, shape: String)
  /// A chapter or a library has two rows.
  case repeated(String)
}

/// The chapters and the libraries, as the package's manifest lists them.
public struct CourseTable: Equatable, Sendable {
  /// In the order in which they are taught.
  public let chapters: [Chapter]
  /// From the ground up.
  public let libraries: [Library]
  /// In the order in which they are done.
  public let exercises: [Exercise]
  /// What Swift code for the board is compiled with, word by word.
  public let boardFlags: [String]

  /// Reads the tables out of the manifest.
  ///
  /// - Parameter manifest: The text of `Package.swift`.
  /// - Throws: ``CourseTableError``.
  public init(manifest: String) throws(CourseTableError) {
    chapters = try Self.rows(of: "courseTable", in: manifest).map(Self.chapter)
    libraries = try Self.rows(of: "libraryTable", in: manifest)
      .map(Self.library)
    exercises = try Self.rows(of: "exerciseTable", in: manifest)
      .map(Self.exercise)
    boardFlags = try Self.rows(of: "boardFlagTable", in: manifest)
      .flatMap { $0.split(separator: " ").map(String.init) }
    try Self.refuseRepeats(chapters.map(\.image))
    try Self.refuseRepeats(libraries.map(\.name))
    try Self.refuseRepeats(exercises.map(\.id))
  }

  /// The chapter that `make run` boots: the last one that is finished.
  public var newest: Chapter? { chapters.last { $0.state == .ready } }

  /// The chapter called `ch` and a number.
  ///
  /// - Parameter image: The name, such as `ch1`.
  /// - Returns: Nil if there is none.
  public func chapter(of image: String) -> Chapter? {
    chapters.first { $0.image == image }
  }
}

// MARK: - Reading

extension CourseTable {
  /// The tables that scripts ask for.
  public enum Name: String, CaseIterable, Sendable {
    case chapters
    case libraries
    case exercises

    fileprivate var variable: String {
      switch self {
      case .chapters: "courseTable"
      case .libraries: "libraryTable"
      case .exercises: "exerciseTable"
      }
    }
  }

  /// The cells of a table, row by row.
  static func cells(
    of name: Name, in manifest: String
  ) throws(CourseTableError) -> [[String]] {
    try rows(of: name.variable, in: manifest).map(cells)
  }

  /// The lines between the quotes that follow `let NAME = """`.
  private static func rows(
    of table: String, in manifest: String
  ) throws(CourseTableError) -> [String] {
    let lines = manifest.split(separator: "\n").map(trimmed)
    let opening = "let \(table) = \"\"\""
    guard let first = lines.firstIndex(of: opening),
      let last = lines[(first + 1)...].firstIndex(of: "\"\"\"")
    else { throw .missing(table) }
    return lines[(first + 1)..<last].filter { !$0.isEmpty }
  }

  private static func chapter(_ row: String) throws(CourseTableError) -> Chapter
  {
    let cells = cells(of: row)
    guard cells.count == 4, let number = Int(cells[0]), number > 0,
      !cells[1].isEmpty, !cells[2].isEmpty,
      let state = Chapter.State(rawValue: cells[3])
    else {
      throw .malformed(
        row: row, shape: "number | name | title | ready or draft")
    }
    return Chapter(
      number: number, name: cells[1], title: cells[2], state: state)
  }

  private static func library(_ row: String) throws(CourseTableError) -> Library
  {
    let cells = cells(of: row)
    guard cells.count == 5, !cells[0].isEmpty, !cells[1].isEmpty,
      let floor = Int(cells[2]), let chapter = Int(cells[3])
    else {
      throw .malformed(
        row: row, shape: "library | wing | floor | chapter | imports")
    }
    return Library(
      name: cells[0], wing: cells[1], floor: floor, chapter: chapter,
      imports: cells[4].split(separator: " ").map(String.init))
  }

  private static func exercise(
    _ row: String
  ) throws(CourseTableError) -> Exercise {
    guard let exercise = Exercise(cells: cells(of: row)) else {
      throw .malformed(
        row: row,
        shape: "id | file | title | points | stars | minutes | builds on")
    }
    return exercise
  }

  private static func refuseRepeats(
    _ names: [String]
  ) throws(CourseTableError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw .repeated(name)
    }
  }

  private static func cells(of row: String) -> [String] {
    row.split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
  }

  private static func trimmed(_ text: Substring) -> String {
    text.split(separator: " ").joined(separator: " ")
  }
}

extension CourseTableError: CustomStringConvertible {
  /// The sentence that the student reads.
  public var description: String {
    switch self {
    case .missing(let table):
      "Package.swift has no table `\(table)`. It starts with a line "
        + "`let \(table) = \"\"\"` and ends with a line of three quotes."
    case .malformed(let row, let shape):
      "Package.swift has the row `\(row)`; expected `\(shape)`."
    case .repeated(let name):
      "Package.swift lists \(name) twice."
    }
  }
}
