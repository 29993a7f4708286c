// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Grades for other programs: JUnit XML and JSON.
///
/// The JSON, version 1, is one object: `format` ("swiftkraft-grades"),
/// `version` (1), `points`, `possible`, and `exercises`, an array of objects
/// with `id`, `title`, `chapter`, `points`, `possible`, `state` ("done",
/// "partly", "failed", "not started", "not accepted" or "does not compile") and
/// `problems`, an array of texts. Later versions only add members.
public struct GradeFiles {
  private let table: GradeTable
  private let grades: [Grade]

  /// - Parameters:
  ///   - grades: In the order of the table of exercises.
  ///   - project: The clone.
  public init(_ grades: [Grade], of project: Project) {
    self.grades = grades
    table = GradeTable(grades, of: project)
  }

  /// Writes `grades.json`, `grades.xml` and `gradescope.json` into `folder`.
  public func write(to folder: URL) throws {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    try json().write(to: folder.appending(path: "grades.json"))
    try Data(junit().utf8).write(to: folder.appending(path: "grades.xml"))
    try Self.gradescope(grades)
      .write(to: folder.appending(path: "gradescope.json"))
  }

  private struct Document: Encodable {
    struct Row: Encodable {
      let id, title: String
      let chapter, points, possible: Int
      let state: String
      let problems: [String]
    }

    let format = "swiftkraft-grades"
    let version = 1
    let points, possible: Int
    let exercises: [Row]
  }

  func json() throws -> Data {
    let rows = grades.map { grade in
      Document.Row(
        id: grade.exercise.id, title: grade.exercise.title,
        chapter: grade.exercise.chapter, points: grade.points,
        possible: grade.exercise.points, state: grade.word,
        problems: grade.problems)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(
      Document(
        points: table.points, possible: table.possible, exercises: rows))
  }

  /// One test case for each exercise; one that is not full has failed.
  func junit() -> String {
    let cases = grades.map(Self.testCase)
    let failed = grades.filter { !$0.isFull }.count
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
        <testsuite name="swiftkraft" tests="\(grades.count)" failures="\(failed)">
      \(cases.joined(separator: "\n"))
        </testsuite>
      </testsuites>

      """
  }

  private static func testCase(_ grade: Grade) -> String {
    let exercise = grade.exercise
    let name = escaped("\(exercise.id) \(exercise.title)")
    let open =
      "    <testcase classname=\"chapter \(exercise.chapter)\" name=\"\(name)\""
    guard !grade.isFull else { return open + "/>" }
    let message = "\(grade.word), \(grade.points) of \(exercise.points)"
    let text = escaped(grade.problems.joined(separator: "\n"))
    return """
      \(open)>
            <failure message="\(message)">\(text)</failure>
          </testcase>
      """
  }

  /// Text as XML takes it: without the characters that it forbids.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.filter(isAllowed).map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(scalar)
      }
    }.joined()
  }

  /// Control characters are not, nor are two that look like a byte order mark
  /// read the wrong way.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0x20...0xFFFD, 0x10000...: true
    default: false
    }
  }
}

extension Grade {
  /// What is wrong, one text for each problem.
  public var problems: [String] {
    switch state {
    case .notStarted: return ["not started"]
    case .notAccepted(let words), .doesNotCompile(let words): return words
    case .graded(let sides): return sides.flatMap(\.problems)
    }
  }
}

extension SideGrade {
  /// Its failures, and why it ended early if it did.
  fileprivate var problems: [String] {
    let failures = failures.map { failure in
      (["\(side.rawValue): \(failure.name)"] + failure.lines)
        .joined(separator: "\n")
    }
    guard let interruption else { return failures }
    let words = interruption.joined(separator: "\n")
    return failures + ["\(side.rawValue): \(words)"]
  }
}
