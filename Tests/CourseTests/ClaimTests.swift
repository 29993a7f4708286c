// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

/// What the book says of other systems has a source, and each figure has one.
@Suite(.enabled(if: Clone().holds("book"), "branches have no book"))
struct ClaimTests {
  private let clone = Clone()

  private static let systems = [
    "Linux", "xv6", "FreeRTOS", "Unikraft", "seL4", "L4", "Pathfinder",
    "rCore", "uCore", "Firecracker", "Hubris", "Tock", "Zephyr",
  ]

  // MARK: - Sources

  /// The rows of the table in book/sources.md, each as its cells.
  private func sources() throws -> [[String]] {
    try clone.text(of: "book/sources.md").split(separator: "\n")
      .map { line in
        line.split(separator: "|", omittingEmptySubsequences: false)
          .dropFirst().dropLast()
          .map { $0.trimmingCharacters(in: .whitespaces) }
      }
      .filter { $0.count == 4 && Int($0[0]) != nil }
  }

  /// The words of a page. A table of figures has sources of its own.
  private func words(of page: String) throws -> Set<String> {
    let lines = try clone.text(of: page).split(separator: "\n")
      .filter { !$0.hasPrefix(":systems:") }
      .map { $0.replacing(/\{system\}`[^`]*`/, with: "") }
    let isWord = { (character: Character) in
      character.isLetter || character.isNumber
    }
    return Set(
      lines.flatMap { $0.split(whereSeparator: { !isWord($0) }) }
        .map(String.init))
  }

  @Test func `a system that a chapter speaks of has a source there`() throws {
    let rows = try sources()
    for chapter in clone.table.chapters {
      let page = "book/chapters/ch\(chapter.number)-\(chapter.name).md"
      guard clone.holds(page) else { continue }
      let words = try words(of: page)
      for system in Self.systems where words.contains(system) {
        #expect(
          rows.contains { $0[0] == "\(chapter.number)" && $0[1] == system },
          "\(page) speaks of \(system): add its source to book/sources.md")
      }
    }
  }

  @Test func `a source tells its version`() throws {
    let rows = try sources()
    #expect(rows.count > 30)
    for row in rows {
      #expect(
        row[3].contains(/\b[0-9a-f]{12}\b|\b(19|20)\d\d\b|\d+\.\d+/),
        "no version: \(row.joined(separator: " | "))")
    }
  }

  // MARK: - Figures

  private func pages() throws -> [String] {
    try clone.files(in: "book", endingIn: ["md"])
      + clone.files(in: "chapters", endingIn: ["md"])
      .filter { $0.hasSuffix("/README.md") }
  }

  @Test func `no page writes a count of instructions itself`() throws {
    let count = /\b[0-9][0-9,]*\s+(more\s+)?instructions\b/
    for page in try pages() {
      for line in try clone.text(of: page).split(separator: "\n") {
        #expect(
          !line.contains(count),
          "\(page) writes a number: \(line). Use {measured} or {system}.")
      }
    }
  }

  @Test func `a figure of another system stands in one file`() throws {
    let figures = try clone.text(of: "Tests/CourseTests/other-systems.txt")
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
      .flatMap { $0.matches(of: /\b[0-9]{1,3}(,[0-9]{3})+\b/) }
      .map { String($0.output.0) }
    #expect(figures.count > 30)
    for page in try pages() {
      let text = try clone.text(of: page)
      for figure in figures {
        #expect(
          !text.contains(figure),
          "\(page) writes \(figure): use {system} or {comparison}")
      }
    }
  }

  @Test func `what bench measures is not measured for the book again`() throws {
    let data = Data(try clone.text(of: "book/measured.json").utf8)
    let measured = keys(of: try JSONSerialization.jsonObject(with: data))
    let budgets = try clone.text(of: "Tests/CourseTests/budgets.txt")
      .split(separator: "\n").map { $0.split(separator: "|") }
      .filter { $0.count == 3 }
    #expect(budgets.count > 30)
    for row in budgets {
      let name = row[1].lowercased()
        .split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        .joined(separator: "-")
      #expect(!measured.contains(name), "measured.json has \(name)")
    }
  }

  /// All keys of an object and of what it holds.
  private func keys(of value: Any) -> Set<String> {
    guard let object = value as? [String: Any] else { return [] }
    return object.reduce(into: Set(object.keys)) { result, pair in
      result.formUnion(keys(of: pair.value))
    }
  }
}
