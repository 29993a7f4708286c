// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Grades as a table for the terminal.
///
///     chapter 1: Boot
///       1.1  ★    Sizes that people read   10 of 10  done
///       1.2  ★★   A port that may be dead   0 of 20  not started, about 60 min
///
///     10 of 30 points; what is left should take about 1 h 0 min.
///     1 of 2 is done.
///     Next: 1.2 A port that may be dead, in chapters/ch1-boot/Exercises/….swift
public struct GradeTable {
  private let project: Project
  private let grades: [Grade]

  /// - Parameters:
  ///   - grades: In the order of the table of exercises.
  ///   - project: The clone.
  public init(_ grades: [Grade], of project: Project) {
    self.grades = grades
    self.project = project
  }

  /// Points earned.
  public var points: Int { grades.reduce(0) { $0 + $1.points } }

  /// Points to be had.
  public var possible: Int { grades.reduce(0) { $0 + $1.exercise.points } }

  /// The whole table, what failed and why, and what to do next.
  public func lines() throws -> [String] {
    var lines: [String] = []
    for chapter in project.table.chapters {
      let own = grades.filter { $0.exercise.chapter == chapter.number }
      guard !own.isEmpty else { continue }
      lines.append("chapter \(chapter.number): \(chapter.title)")
      lines += own.map(row) + [""]
    }
    lines += try grades.flatMap(explanation)
    return try lines + summary()
  }

  private var titleWidth: Int {
    grades.map(\.exercise.title.count).max() ?? 0
  }

  private func row(_ grade: Grade) -> String {
    let exercise = grade.exercise
    let stars = Self.padded(exercise.starText, to: 3)
    let title = Self.padded(exercise.title, to: titleWidth)
    let points =
      String(repeating: " ", count: grade.points < 10 ? 1 : 0)
      + "\(grade.points) of \(exercise.points)"
    let time = grade.isFull ? "" : ", about \(exercise.minutes) min"
    return
      "  \(exercise.id)  \(stars)  \(title)  \(points)  \(grade.word)\(time)"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// What is wrong with an exercise that was started.
  private func explanation(_ grade: Grade) throws -> [String] {
    let title = "\(grade.exercise.id) \(grade.exercise.title)"
    let file = try path(of: grade.exercise)
    switch grade.state {
    case .notStarted: return []
    case .notAccepted(let words), .doesNotCompile(let words):
      let what = grade.word == "not accepted" ? "is not accepted" : grade.word
      return ["✗ \(title): \(file) \(what)"]
        + words.map { "    " + $0 } + [""]
    case .graded(let sides):
      guard !grade.isFull else { return [] }
      return ["✗ \(title): \(file)"] + lines(sides) + [
        "    next      make hint EX=\(grade.exercise.id)", "",
      ]
    }
  }

  /// Each side; what a side repeats of the one before is not told twice.
  private func lines(_ sides: [SideGrade]) -> [String] {
    var before: [String] = []
    return sides.flatMap { side in
      let all = lines(side)
      guard all.count > 1, Array(all.dropFirst()) == before else {
        before = Array(all.dropFirst())
        return all
      }
      return ["\(all[0]): the same"]
    }
  }

  private func lines(_ side: SideGrade) -> [String] {
    guard !side.isFull else { return [] }
    let place =
      switch side.side {
      case .host: "on this machine"
      case .booted: "booted"
      case .chapter: "in the chapter's program"
      }
    return ["  \(place), \(count(side)) passed"]
      + side.failures.flatMap { failure in
        ["    ✗ \(failure.name)\(Self.weight(failure))"]
          + failure.lines.filter(Self.isNew).map { "      " + $0 }
      }
      + (side.interruption ?? []).map { "    " + $0 }
  }

  /// In checks, if all ran; else as often as each counts.
  private func count(_ side: SideGrade) -> String {
    if let checks = side.checkCount {
      return "\(checks - side.failures.count) of \(checks) checks"
    }
    guard let total = side.total else { return "\(side.passed) of all checks" }
    return "\(side.passed) of \(total) checks"
      + (side.interruption == nil ? "" : ", each as often as it counts,")
  }

  private static func weight(_ failure: SideGrade.Failure) -> String {
    failure.worth > 1 ? " (counts as \(failure.worth) checks)" : ""
  }

  /// Without what stands beside every exercise anyway.
  private static func isNew(_ line: String) -> Bool {
    !line.hasPrefix("file ") && !line.hasPrefix("next ")
  }

  private func path(of exercise: Exercise) throws -> String {
    let own = try ExerciseFiles(exercise, in: project).own.path
    return String(own.dropFirst(project.root.path.count + 1))
  }

  private func summary() throws -> [String] {
    let left = grades.filter { !$0.isFull }
    let minutes = left.reduce(0) { $0 + $1.exercise.minutes }
    let total = "\(points) of \(possible) points"
    guard let next = nextExercise(left) else {
      return ["\(total): every check passes."]
    }
    return [
      "\(total); what is left should take about \(Self.time(minutes)).",
      encouragement(left.count),
      "Next: \(next.id) \(next.title), in \(try path(of: next))",
    ]
  }

  /// The first one whose own prerequisites are done.
  private func nextExercise(_ left: [Grade]) -> Exercise? {
    let missing = Set(left.map(\.exercise.id))
    let ready = left.first { grade in
      missing.isDisjoint(with: grade.exercise.buildsOn)
    }
    return (ready ?? left.first)?.exercise
  }

  /// True, whatever the grades are.
  private func encouragement(_ left: Int) -> String {
    let done = grades.count - left
    let begun = grades.filter { $0.state != .notStarted && !$0.isFull }.count
    let isDone = "\(done) of \(grades.count) \(done == 1 ? "is" : "are") done"
    switch (done, begun) {
    case (0, 0): return "Nothing is lost yet: points come check by check."
    case (0, _): return "You have begun: \(begun) of \(grades.count) under way."
    case (_, 0): return "\(isDone)."
    default: return "\(isDone), and \(begun) under way."
    }
  }

  private static func time(_ minutes: Int) -> String {
    minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
