// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import ExerciseGrading
import Runner
import Testing

/// Every chapter of the table has all its parts, and nothing lies about that
/// no table lists. A chapter that is still a draft may lack some.
@Suite struct CompletenessTests {
  let clone = Clone()

  private var ready: [Chapter] {
    clone.table.chapters.filter { $0.state == .ready }
  }

  private func exercises(of chapter: Chapter) -> [Exercise] {
    clone.table.exercises.filter { $0.chapter == chapter.number }
  }

  @Test func `chapters are numbered from 1 without a gap`() {
    let numbers = clone.table.chapters.map(\.number)
    #expect(numbers == Array(1...numbers.count))
  }

  @Test func `a chapter has a program, a reading and a test`() throws {
    for chapter in ready {
      for part in ["main.swift", "README.md", "qemu-test.sh"] {
        #expect(clone.holds("\(chapter.folder)/\(part)"))
      }
    }
  }

  @Test func `the manifest knows which chapters make a disk`() throws {
    let manifest = try clone.text(of: "Package.swift")
    let list = try #require(
      manifest.firstMatch(of: /let chaptersWithDisk = \[([0-9, ]*)\]/))
    let known = list.1.split(separator: ",")
      .compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    for chapter in clone.table.chapters {
      let hasDisk = clone.holds("\(chapter.folder)/disk.sh")
      #expect(known.contains(chapter.number) == hasDisk, "\(chapter.image)")
    }
  }

  @Test(.enabled(if: Clone().holds("book"), "branches have no book"))
  func `a chapter has a page in the book`() {
    for chapter in ready {
      let page = "ch\(chapter.number)-\(chapter.name).md"
      #expect(clone.holds("book/chapters/\(page)"))
    }
  }

  @Test func `a chapter's program is at most 150 lines long`() throws {
    for chapter in clone.table.chapters {
      let lines = try clone.text(of: "\(chapter.folder)/main.swift")
        .split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 151, "\(chapter.folder) has \(lines.count)")
    }
  }

  @Test func `a chapter has at least three exercises`() {
    for chapter in ready { #expect(exercises(of: chapter).count >= 3) }
  }

  @Test func `an exercise belongs to a chapter and builds on earlier ones`() {
    var seen: Set<String> = []
    for exercise in clone.table.exercises {
      #expect(clone.table.chapters.contains { $0.number == exercise.chapter })
      #expect(seen.isSuperset(of: exercise.buildsOn), "\(exercise.id)")
      seen.insert(exercise.id)
    }
  }

  @Test(
    .enabled(if: Clone.hasAnswers, "a class does not get the answers"))
  func `an exercise has a stub, a solution and wrong answers`() throws {
    for exercise in clone.table.exercises {
      let files = try ExerciseFiles(
        exercise, in: Project(root: clone.root))
      let stub = try files.stub()
      #expect(stub.contains("// TODO: "), "\(exercise.id)")
      #expect(stub.contains("todo(\"\(exercise.id)\")"), "\(exercise.id)")
      #expect(try !files.answer().contains("todo("), "\(exercise.id)")
      #expect(files.mutantCount >= 3, "\(exercise.id)")
      var missesPoint = false
      for number in 1...max(files.mutantCount, 1) {
        let text = try String(contentsOf: files.mutant(number), encoding: .utf8)
        #expect(text != stub, "\(exercise.id)")
        // The grader's own test reads how bad the answer is.
        let kind = ["Wrong", "Misses the point", "Right"].first {
          text.hasPrefix("// \($0): ")
        }
        #expect(kind != nil, "\(exercise.id), wrong answer \(number)")
        missesPoint = missesPoint || kind == "Misses the point"
        #expect(!text.contains("todo("), "\(exercise.id)")
      }
      #expect(missesPoint, "\(exercise.id)")
    }
  }

  @Test func `an exercise has hints in at least two steps`() throws {
    for exercise in clone.table.exercises {
      let files = try ExerciseFiles(
        exercise, in: Project(root: clone.root))
      #expect(try files.steps().count >= 2, "\(exercise.id)")
      for step in try files.steps() { #expect(!step.isEmpty) }
    }
  }

  @Test func `an exercise has checks`() throws {
    for chapter in ready {
      let folder = "Tests/Exercises/Ch\(chapter.number)Checks"
      let checks = try clone.files(in: folder, endingIn: ["swift"])
        .map { try clone.text(of: $0) }.joined()
      for exercise in exercises(of: chapter) {
        #expect(checks.contains("\"\(exercise.id)\""), "\(exercise.id)")
      }
    }
  }

  /// An answer is found by its name in what a student hands in.
  @Test func `no other file is called like an answer`() throws {
    let names = Set(clone.table.exercises.map { "\($0.file).swift" })
    let folders = ["/Exercises/", "/Solutions/", "/Stubs/"]
    for folder in ["Sources", "Tests", "chapters"] {
      for file in try clone.files(in: folder, endingIn: ["swift"])
      where names.contains(URL(filePath: file).lastPathComponent) {
        #expect(folders.contains { file.contains($0) }, "\(file)")
      }
    }
  }

  @Test func `the workflow for classes is up to date`() throws {
    guard clone.holds(ClassroomFile.path) else { return }
    let text = try clone.text(of: ClassroomFile.path)
    let made = ClassroomFile(of: clone.table.exercises).text
    #expect(text == made, "make classroom")
  }

  @Test func `every library has host tests`() throws {
    for library in clone.table.libraries where library.name != "CHart" {
      let tests = try clone.files(
        in: library.tests, endingIn: ["swift"]
      ).map { try clone.text(of: $0) }.joined()
      #expect(tests.contains("@Test"), "\(library.name)")
    }
  }

  /// The map of the libraries: each is on it, and each way leads somewhere.
  @Test func `the map shows what there is`() throws {
    let map = try clone.text(of: "Sources/README.md")
    let ways = map.matches(of: #/\]\(([^)]+)\)/#).map { String($0.1) }
    for way in ways {
      #expect(clone.holds("Sources/\(way)"), "Sources/README.md: \(way)")
    }
    for library in clone.table.libraries {
      #expect(
        ways.contains("\(library.wing)/\(library.name)/"), "\(library.name)")
    }
  }

  @Test func `nothing lies about that no table lists`() throws {
    let chapters = Set(
      clone.table.chapters.map { "ch\($0.number)-\($0.name)" })
    #expect(try clone.folders(in: "chapters") == chapters)
    for chapter in clone.table.chapters {
      let files = exercises(of: chapter).map(\.file)
      let mutants = try exercises(of: chapter).flatMap { exercise in
        let files = try ExerciseFiles(exercise, in: Project(root: clone.root))
        return (0..<files.mutantCount).map { "\(exercise.file)-\($0 + 1)" }
      }
      let folders: [(String, [String])] =
        Clone.hasAnswers
        ? [("Exercises", files), ("Solutions", files), ("Mutants", mutants)]
        : [("Exercises", files), ("Stubs", files)]
      for (folder, names) in folders {
        let found = try clone.files(
          in: "\(chapter.folder)/\(folder)", endingIn: ["swift"])
        let expected = names.map { "\(chapter.folder)/\(folder)/\($0).swift" }
        #expect(Set(found) == Set(expected))
      }
    }
  }

  @Test func `the top level holds what the design allows`() throws {
    let names = try FileManager.default
      .contentsOfDirectory(atPath: clone.root.path)
      .filter { !$0.hasPrefix(".") }
    let allowed: Set = [
      "Package.swift", "Makefile", "README.md", "LICENSE", "Sources",
      "chapters", "Tests", "book",
    ]
    #expect(Set(names).subtracting(allowed).isEmpty)
  }
}
