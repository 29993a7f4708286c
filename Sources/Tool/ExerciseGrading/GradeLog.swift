// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Grading
import Hart
import Runner

/// What one run of a grading program has proved. Its lines are documented at
/// `Grader` in the module Grading.
///
/// A line that says "begin", "pass" or "end" counts only with its digest, which
/// takes this run's key to compute, and a "pass" only for a check that the
/// valid "begin" before it has counted. There is one valid "begin": a second
/// makes the whole log worthless.
struct GradeLog {
  /// What is said of a check that was tried and never answered.
  static let noAnswer = "no answer"
  /// What is said of one that met `todo`.
  static let notWritten = "not written yet: `todo` was called"

  /// A check that did not pass.
  struct Failure: Equatable, Sendable {
    let check: Int
    let name: String
    /// What was given, expected and got.
    var lines: [String]
  }

  /// How many checks there are, if the program got so far as to say it.
  private(set) var total: Int?
  private(set) var passed: Set<Int> = []
  private(set) var failures: [Failure] = []
  /// The name of each check that was tried, under its number.
  private(set) var tried: [Int: String] = [:]
  /// Whether `todo` was called.
  private(set) var saidTodo = false
  private(set) var isComplete = false
  /// Whether it began twice.
  private(set) var isContradictory = false
  /// The check that was tried last, until it has answered.
  private(set) var open: Failure?

  private let exercise: String
  private let key: String

  /// - Parameters:
  ///   - lines: All that the program printed.
  ///   - exercise: What it was asked to grade, such as `1.2`.
  ///   - key: The key of this run, 32 hexadecimal digits.
  init(_ lines: [String], exercise: String, key: String) {
    self.exercise = exercise
    self.key = key
    var isExplaining = false
    for line in lines {
      if let explainsNext = follow(line) {
        isExplaining = explainsNext
        continue
      }
      isExplaining = isExplaining && line.hasPrefix("  ")
      if isExplaining { explain(line) }
    }
  }

  /// Follows one line, if it is the grader's own.
  ///
  /// - Returns: Whether the next lines explain it; nil for any other line.
  private mutating func follow(_ line: String) -> Bool? {
    // The exercise may have printed anything before it, even the same mark,
    // or a character that would merge with the bracket.
    guard
      let mark = line.range(
        of: "[grade] \(exercise) ", options: [.backwards, .literal])
    else { return nil }
    let words = line[mark.upperBound...].split(separator: " ", maxSplits: 3)
      .map(String.init)
    switch words.first {
    case "begin" where words.count == 3: begin(words[1], digest: words[2])
    case "todo" where words.count == 1: saidTodo = true
    case "end" where words.count == 2 && words[1] == digest("end"):
      isComplete = open == nil
    case "check" where words.count == 4:
      guard let number = Int(words[1]) else { return nil }
      return check(number, words[2], words[3])
    default: return nil
    }
    return false
  }

  private mutating func begin(_ count: String, digest: String) {
    guard digest == self.digest("begin/\(count)") else { return }
    guard total == nil, !isContradictory else {
      isContradictory = true
      (total, passed) = (nil, [])
      return
    }
    total = Int(count)
  }

  private mutating func check(
    _ number: Int, _ verb: String, _ rest: String
  ) -> Bool? {
    switch verb {
    case "try":
      closeOpenCheck()
      tried[number] = rest
      open = Failure(check: number, name: rest, lines: [])
      return false
    case "pass":
      pass(number, rest)
      return false
    case "fail":
      failures.append(Failure(check: number, name: rest, lines: []))
      open = nil
      return true
    default: return nil
    }
  }

  private mutating func pass(_ number: Int, _ rest: String) {
    let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
    guard words.count == 2, words[0] == digest("\(number)/\(words[1])"),
      number >= 1, number <= total ?? 0
    else { return }
    passed.insert(number)
    open = nil
  }

  /// A check that is followed by the next one has failed, if it never
  /// answered.
  private mutating func closeOpenCheck() {
    guard var open else { return }
    open.lines = [Self.noAnswer]
    failures.append(open)
  }

  private mutating func explain(_ line: String) {
    guard !failures.isEmpty else { return }
    failures[failures.count - 1].lines.append(String(line.dropFirst(2)))
  }

  /// What the grading program prints for `text`.
  private func digest(_ text: String) -> String {
    let digits = Array(key.utf8)
    let parsed = unsafe digits.withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.flatMap { base in
        GradingKey(unsafe ByteView(at: base, count: bytes.count))
      }
    }
    guard let parsed else { return "" }
    var hash = SipHash(key: parsed)
    for byte in "\(exercise)/\(text)".utf8 { hash.write(byte) }
    let number = String(hash.digest(), radix: 16)
    return String(repeating: "0", count: 16 - number.count) + number
  }
}
