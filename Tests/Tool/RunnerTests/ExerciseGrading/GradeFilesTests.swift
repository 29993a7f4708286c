// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Grading
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import ExerciseGrading
@testable import Runner

/// What an XML parser finds in a file of grades.
private final class FoundCases: NSObject, XMLParserDelegate {
  var names: [String] = []
  var failures: [String] = []
  var suite: [String: String] = [:]
  private var element = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    element = name
    switch name {
    case "testsuite": suite = attributes
    case "testcase": names.append(attributes["name"] ?? "")
    case "failure": failures.append("")
    default: break
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
    qualifiedName: String?
  ) { element = "" }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard element == "failure" else { return }
    failures[failures.count - 1] += text
  }
}

@Suite struct `Files of grades` {
  let clone: MadeUpClone

  init() throws { clone = try MadeUpClone() }

  func files(_ states: Grade.State...) -> GradeFiles {
    GradeFiles(
      zip(clone.exercises, states).map { Grade($0, $1) }, of: clone.project)
  }

  private func parse(_ xml: String) -> FoundCases? {
    let found = FoundCases()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = found
    return parser.parse() ? found : nil
  }

  // MARK: - JSON

  private struct Document: Decodable, Equatable {
    struct Row: Decodable, Equatable {
      let id, title: String
      let chapter, points, possible: Int
      let state: String
      let problems: [String]
    }

    let format: String
    let version, points, possible: Int
    let exercises: [Row]
  }

  @Test func `are JSON with the documented members`() throws {
    let found = try JSONDecoder().decode(
      Document.self, from: files(.full, .notStarted, .broken).json())
    #expect(
      found
        == Document(
          format: "swiftkraft-grades", version: 1, points: 10, possible: 60,
          exercises: [
            .init(
              id: "1.1", title: "Sizes that people read", chapter: 1,
              points: 10, possible: 10, state: "done", problems: []),
            .init(
              id: "1.2", title: "A port", chapter: 1, points: 0, possible: 20,
              state: "not started", problems: ["not started"]),
            .init(
              id: "2.1", title: "Ticks", chapter: 2, points: 0, possible: 30,
              state: "does not compile",
              problems: ["Sizes.swift:1:2: error: no"]),
          ]))
  }

  @Test func `tell every problem with its side`() throws {
    let found = try JSONDecoder().decode(
      Document.self, from: files(.half).json())
    #expect(
      found.exercises.first?.problems == [
        "booted: it works\nfile      x\ngiven     1\nnext      hint",
        "booted: It stopped.\nhere",
      ])
  }

  private struct Results: Decodable, Equatable {
    struct Test: Decodable, Equatable {
      let name, output, status: String
      let score, max_score: Int
    }

    let score: Int
    let tests: [Test]
  }

  @Test func `are what Gradescope reads`() throws {
    let grades = zip(clone.exercises, [.full, .notStarted] as [Grade.State])
      .map { Grade($0, $1) }
    let found = try JSONDecoder().decode(
      Results.self, from: GradeFiles.gradescope(grades))
    #expect(
      found
        == Results(
          score: 10,
          tests: [
            .init(
              name: "1.1 Sizes that people read", output: "", status: "passed",
              score: 10, max_score: 10),
            .init(
              name: "1.2 A port", output: "not started", status: "failed",
              score: 0, max_score: 20),
          ]))
  }

  // MARK: - XML

  @Test func `are XML with a case for each exercise`() throws {
    let found = try #require(parse(files(.full, .half, .notStarted).junit()))
    #expect(found.suite["tests"] == "3")
    #expect(found.suite["failures"] == "2")
    #expect(
      found.names == ["1.1 Sizes that people read", "1.2 A port", "2.1 Ticks"])
    #expect(found.failures.count == 2)
    #expect(found.failures.first?.contains("It stopped.") == true)
  }

  @Test func `are XML without any grade`() throws {
    let found = try #require(parse(files().junit()))
    #expect(found.names.isEmpty)
    #expect(found.suite["tests"] == "0")
  }

  @Test(arguments: [
    "a ]]> b", "<![CDATA[ x", "\"quoted\" & 'so'", "&amp; &#0;", "<!-- --",
    "👩🏽‍🚀 e\u{301}", "\u{2028}\u{85}", "</failure>", "%s%n",
  ])
  func `keep hostile text as it is`(text: String) throws {
    let found = try #require(parse(files(.doesNotCompile([text])).junit()))
    #expect(
      found.failures.first.map { Array($0.unicodeScalars) }
        == Array(text.unicodeScalars))
  }

  @Test func `leave out what XML forbids`() throws {
    let forbidden =
      (0..<32 as Range<UInt8>).map { String(Unicode.Scalar($0)) }.joined()
      + "\u{FFFE}\u{FFFF}end"
    let found = try #require(parse(files(.doesNotCompile([forbidden])).junit()))
    #expect(found.failures == ["\t\nend"])
  }

  @Test func `have a title with quotes`() throws {
    let manifest = MadeUpClone.manifest.replacing(
      "Sizes that people read", with: "\"Sizes\" <& more>")
    let clone = try MadeUpClone(manifest: manifest)
    let grades = [Grade(clone.exercises[0], .full)]
    let found = try #require(
      parse(GradeFiles(grades, of: clone.project).junit()))
    #expect(found.names == ["1.1 \"Sizes\" <& more>"])
  }

  @Test func `are well formed for any text`() throws {
    for seed in 0..<200 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let bytes = (0..<60).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(
        parse(files(.doesNotCompile([text])).junit()) != nil, "seed \(seed)")
    }
  }

  @Test func `are three, in a folder that is made`() throws {
    let folder = clone.project.buildFolder.appending(path: "a/b")
    try files(.full).write(to: folder)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.path)
    #expect(
      Set(names) == ["grades.json", "grades.xml", "gradescope.json"])
  }
}
