// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// The workflow that grades a class on GitHub, from the table of exercises: a
/// step for each, worth its points.
public struct ClassroomFile {
  /// Where the file is, seen from the clone's root.
  public static let path = ".github/classroom.yml"

  private let exercises: [Exercise]

  /// - Parameter exercises: Those that are graded.
  public init(of exercises: [Exercise]) { self.exercises = exercises }

  /// The whole file.
  public var text: String {
    ([Self.head] + exercises.flatMap(steps) + [reporter])
      .joined(separator: "\n") + "\n"
  }

  private static let head = """
    # SPDX-License-Identifier: BSD-3-Clause
    #
    # Written by `make classroom` from the tables in Package.swift. For GitHub
    # Classroom: `make handout` puts it into .github/workflows of the repository
    # that the class gets. It grades each push, and shows the points.
    name: grade

    on: [push]

    jobs:
      grade:
        runs-on: ubuntu-latest
        container: swift:6.3-bookworm
        timeout-minutes: 60
        steps:
          - run: apt-get update && apt-get install -y make git
          - uses: actions/checkout@v4
          - run: make setup
    """

  /// A step passes or fails as a whole: all points of its exercise, or none.
  private func steps(_ exercise: Exercise) -> [String] {
    let name = Self.id(exercise)
    return [
      "      - name: \(exercise.id) \(exercise.title)",
      "        id: \(name)",
      "        uses: classroom-resources/autograding-command-grader@v1",
      "        with:",
      "          test-name: \(exercise.id) \(exercise.title)",
      "          command: make grade-\(exercise.id) STRICT=1",
      "          timeout: 10",
      "          max-score: \(exercise.points)",
    ]
  }

  private var reporter: String {
    let results = exercises.map { exercise in
      let name = Self.id(exercise)
      return "          \(name.uppercased())_RESULTS: "
        + "${{ steps.\(name).outputs.result }}"
    }
    let runners = exercises.map(Self.id).joined(separator: ",")
    return """
            - uses: classroom-resources/autograding-grading-reporter@v1
              env:
      \(results.joined(separator: "\n"))
              with:
                runners: \(runners)
      """
  }

  /// `ex1_2`: part of a variable's name, too.
  private static func id(_ exercise: Exercise) -> String {
    "ex" + exercise.id.replacing(".", with: "_")
  }
}
