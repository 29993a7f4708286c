// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// How much of each module the compiler takes on trust.
@Suite struct SafetyTests {
  let clone = Clone()

  /// Modules that only run on the host count as well, but for the tests.
  private var modules: [(name: String, folder: String)] {
    clone.table.libraries.filter { $0.name != "CHart" }
      .map { ($0.name, $0.folder) }
      + tool.map { ($0, "Sources/Tool/\($0)") }
  }

  /// The modules and programs of the tool; what is no module has no code.
  private var tool: [String] {
    ((try? clone.folders(in: "Sources/Tool")) ?? [])
      .filter { $0 != "NewApplication" }.sorted()
  }

  private func marks(in folder: String) throws -> Int {
    try clone.files(in: folder, endingIn: ["swift"])
      .map { file in
        let tokens = SwiftTokens.of(try clone.text(of: file))
        let unsafe = tokens.filter { $0.is("unsafe") }.count
        return zip(tokens, tokens.dropFirst()).reduce(unsafe) { count, pair in
          count + (pair.0.is("@") && pair.1.is("safe") ? 1 : 0)
        }
      }
      .reduce(0, +)
  }

  private func recorded() throws -> [String: Int] {
    let lines = try clone.text(of: "Tests/CourseTests/unsafe-marks.txt")
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
    return Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let words = line.split(separator: " ")
        return (String(words[0]), Int(words[1]) ?? -1)
      })
  }

  @Test func `unsafe marks neither rise nor fall unnoticed`() throws {
    let recorded = try recorded()
    for (module, folder) in modules {
      let count = try marks(in: folder)
      let limit = recorded[module] ?? 0
      #expect(
        count <= limit,
        "\(module) has \(count) marks, \(count - limit) more than recorded")
      #expect(
        count >= limit,
        "\(module) has only \(count) marks: record it in unsafe-marks.txt")
    }
  }

  @Test func `every library is compiled with strict memory safety`() throws {
    let manifest = try clone.text(of: "Package.swift")
    #expect(manifest.contains(".strictMemorySafety()"))
    #expect(manifest.contains(#""-Werror", "StrictMemorySafety""#))
  }

  @Test func `no Swift file forces or silences`() throws {
    for file in try clone.files(in: "Sources", endingIn: ["swift"]) {
      for line in try clone.code(of: file) {
        #expect(!line.contains("try!"), "\(file): \(line)")
        #expect(!line.contains("as!"), "\(file): \(line)")
      }
    }
  }
}
