// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Grading
import Testing

@testable import ExerciseGrading
@testable import Runner

@Suite struct `A solution's markers` {
  static let solution = """
    func f() {
      //@ solution
      answer()
        deeper()
      //@ stub
      //| // TODO: this.
      //|
      //|   todo("1.1")
      //@ end
    }

    """

  @Test func `leave the answer with its indentation`() {
    #expect(
      Markers(Self.solution).answer == """
        func f() {
          answer()
            deeper()
        }

        """)
  }

  @Test func `leave the stub with its indentation`() {
    #expect(
      Markers(Self.solution).stub == """
        func f() {
          // TODO: this.

            todo("1.1")
        }

        """)
  }

  @Test(arguments: ["", "\n", "a", "a\n", "\n\na\n\n", "a // //@ end\n"])
  func `a text without markers stays as it is`(text: String) {
    #expect(Markers(text).answer == text)
    #expect(Markers(text).stub == text)
  }

  @Test func `a missing end goes on to the end of the text`() {
    let markers = Markers("a\n//@ solution\nb\n//@ stub\n//| c\n")
    #expect(markers.answer == "a\nb\n")
    #expect(markers.stub == "a\nc\n")
  }

  @Test func `a part may be empty`() {
    let markers = Markers("//@ solution\na\n//@ stub\n//@ end")
    #expect(markers.answer == "a")
    #expect(markers.stub == "")
  }

  @Test(arguments: ["//@ solution", "//@ stub", "//@ end"])
  func `one alone leaves nothing`(marker: String) {
    for text in [marker, marker + "\n"] {
      #expect(Markers(text).answer == "")
      #expect(Markers(text).stub == "")
    }
  }

  @Test func `are found in lines that end as on Windows`() {
    let text = Self.solution.replacing("\n", with: "\r\n")
    #expect(Markers(text).answer == Markers(Self.solution).answer)
    #expect(Markers(text).stub == Markers(Self.solution).stub)
  }

  @Test func `in any order trap nothing and survive in no text`() {
    let pieces = [
      "//@ solution", "//@ stub", "//@ end", "//| a", "//|", "b", "", "  c",
    ]
    for seed in 0..<200 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let text = (0..<random.next(below: 10)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined(separator: "\n")
      let markers = Markers(text)
      #expect(!markers.answer.contains("//@"), "seed \(seed)")
      #expect(!markers.stub.contains("//@"), "seed \(seed)")
    }
  }
}

@Suite struct `The files of an exercise` {
  let clone = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test(.enabled(if: Self.hasAnswers, "a class does not get the answers"))
  func `have an answer without todo and a stub with it`() throws {
    let project = try Project(root: clone)
    for exercise in project.table.exercises {
      let files = try ExerciseFiles(exercise, in: project)
      #expect(try !files.answer().contains("todo("), "\(exercise.id)")
      #expect(
        try files.stub().contains("todo(\"\(exercise.id)\")"), "\(exercise.id)")
    }
  }

  private static let hasAnswers = FileManager.default.fileExists(
    atPath: URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "chapters/ch1-boot/Solutions").path)

  @Test(arguments: [
    ("todo(\"1.1\")", true), ("// a file\r\ntodo(\"1.1\")\r\n", true),
    ("let later = todo", true), ("answer(\"\\(todo(\"1.1\"))\")", true),
    ("// todo(\"1.1\")\nanswer()", false), ("", false),
    ("/* todo(\"1.1\") */ answer()", false), ("print(\"todo()\")", false),
    ("// a file\r\nanswer()\r\n", false),
  ])
  func `miss a part as long as their code calls todo`(
    text: String, isMissing: Bool
  ) throws {
    let made = try MadeUpClone()
    let files = try ExerciseFiles(made.exercises[0], in: made.project)
    try made.write(text, to: "chapters/ch1-boot/Exercises/Sizes.swift")
    #expect(try files.callsTodo() == isMissing)
  }

  @Test func `are untouched as long as they say what was handed out`() throws {
    let made = try MadeUpClone()
    let files = try ExerciseFiles(made.exercises[0], in: made.project)
    try made.write(
      "one\n\ntodo(\"1.1\")\n", to: "chapters/ch1-boot/Stubs/Sizes.swift")
    for (text, isUntouched) in [
      ("one\n\ntodo(\"1.1\")\n", true),
      ("one\r\n\r\ntodo(\"1.1\")\r\n", true),
      ("one\n\n// todo(\"1.1\")\n", false), ("", false),
    ] {
      try made.write(text, to: "chapters/ch1-boot/Exercises/Sizes.swift")
      #expect(try files.isUntouched() == isUntouched)
    }
  }

  @Test func `have hints with and without a title`() throws {
    let made = try MadeUpClone()
    let files = try ExerciseFiles(made.exercises[0], in: made.project)
    let steps = "## Step 1\n\none\n\n## Step 2\n\ntwo\n"
    for text in [steps, "# Hints\n\n" + steps] {
      try made.write(text, to: "chapters/ch1-boot/Hints/1.1.md")
      #expect(try files.steps() == ["one", "two"])
    }
  }

  @Test func `have one backup for each time that one was made`() throws {
    let made = try MadeUpClone()
    let files = try ExerciseFiles(made.exercises[0], in: made.project)
    var copies: [URL] = []
    for text in ["one", "two\r\n", "three"] {
      try made.write(text, to: "chapters/ch1-boot/Exercises/Sizes.swift")
      copies.append(try files.backUp(in: made.project.buildFolder))
    }
    let texts = try copies.map { try String(contentsOf: $0, encoding: .utf8) }
    #expect(texts == ["one", "two\r\n", "three"])
  }

  @Test func `say so if they cannot be read`() throws {
    let made = try MadeUpClone()
    let files = try ExerciseFiles(made.exercises[0], in: made.project)
    #expect(throws: Failure.self) { try files.stub() }
  }
}
