// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// A solution's text and the stub inside it.
///
///     //@ solution
///     the answer
///     //@ stub
///     //| what the student gets in its place
///     //@ end
///
/// What stands outside of these lines belongs to both. Without `//@ end`, a
/// part goes on to the end of the text. Lines end with a line feed, whatever
/// they end with in the solution; the last one ends if it does there.
package struct Markers {
  private(set) var answer = ""
  private(set) var stub = ""

  private enum Part { case both, answer, stub }

  package init(_ text: String) {
    var lines = text.split(omittingEmptySubsequences: false) {
      $0 == "\n" || $0 == "\r\n"
    }
    let isLastLineEnded = lines.last?.isEmpty == true
    if isLastLineEnded { lines.removeLast() }
    addAll(lines)
    // Every line was given an end, the last one as well.
    guard !isLastLineEnded else { return }
    _ = (answer.popLast(), stub.popLast())
  }

  private mutating func addAll(_ lines: [Substring]) {
    var part = Part.both
    for line in lines {
      switch line.trimmingCharacters(in: .whitespaces) {
      case "//@ solution": part = .answer
      case "//@ stub": part = .stub
      case "//@ end": part = .both
      default: add(String(line), in: part)
      }
    }
  }

  private mutating func add(_ line: String, in part: Part) {
    if part != .stub { answer += line + "\n" }
    if part == .both { stub += line + "\n" }
    guard part == .stub else { return }
    let inside = line.replacing(/\/\/\| ?/, with: "", maxReplacements: 1)
    stub += inside.allSatisfy(\.isWhitespace) ? "\n" : inside + "\n"
  }
}
