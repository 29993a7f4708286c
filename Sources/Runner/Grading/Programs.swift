// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Both grading programs, without the exercises that do not compile.
struct Programs {
  let host: URL
  let image: URL
  /// What the compiler said, by exercise.
  private(set) var refused: [String: [String]] = [:]

  /// Builds them; leaves out what is in the way, and builds again.
  ///
  /// - Parameters:
  ///   - build: Whose answers.
  ///   - builtHost: The host's program, if somebody else has built it.
  /// - Throws: ``Diagnosis`` if something else does not compile.
  init(build: GraderBuild, builtHost: URL?) throws {
    var refused: [String: [String]] = [:]
    host = try builtHost ?? Self.build(build, &refused) { try $0.host() }
    image = try Self.build(build, &refused) { try $0.image() }
    self.refused = refused
  }

  private static func build(
    _ build: GraderBuild, _ refused: inout [String: [String]],
    _ body: (GraderBuild) throws -> URL
  ) throws -> URL {
    while true {
      var build = build
      build.without = refused.keys.sorted()
      do {
        return try body(build)
      } catch Diagnosis.buildFailed(let name, let words) {
        let found = try Blame(
          project: build.project, answers: build.answers,
          without: build.without
        ).exercises(in: words)
        guard !found.isEmpty else {
          throw Diagnosis.buildFailed(name, words: words)
        }
        refused.merge(found) { old, _ in old }
      }
    }
  }
}

/// Why a program on this machine stopped before its last check.
enum HostEnd {
  static let early = "The program ended before its last check."

  /// The reason in words, and what Swift itself said.
  static func words(for answer: Answer) -> [String] {
    let swift = answer.complaint.split(separator: "\n")
      .filter { $0.contains("atal error: ") }.prefix(1).map(String.init)
    return [reason(answer)] + swift
  }

  private static func reason(_ answer: Answer) -> String {
    guard !answer.isTooLate else {
      return "It did not come to an end: an endless loop?"
    }
    guard case .signal(let number) = answer.ending else { return early }
    switch Int32(number) {
    case SIGILL, SIGTRAP:
      return "Swift stopped it: an index, a number or an unwrapped value was "
        + "outside its range."
    case SIGSEGV, SIGBUS:
      return "It used an address where nothing is: a wild pointer, or a stack "
        + "overflow by calls without end."
    default: return "It was ended by the signal \(number)."
    }
  }
}
