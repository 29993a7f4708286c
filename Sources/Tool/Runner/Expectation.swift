// SPDX-License-Identifier: BSD-3-Clause

/// What a program should print.
///
/// Written as the output itself, with two liberties: `{{…}}` within a line is
/// a regular expression, as in LLVM's FileCheck, and a line that is only `...`
/// stands for any number of lines, none included. Space at the end of a line
/// and empty lines at either end of the text do not count.
public struct Expectation: Sendable {
  /// One line of it.
  enum Line: Sendable {
    case exactly(String)
    case matching(Pattern)
    case anyLines
  }

  let lines: [Line]

  /// - Parameter text: As described above.
  /// - Throws: ``Failure`` if a regular expression cannot be read.
  public init(_ text: String) throws(Failure) {
    var lines: [Line] = []
    for line in Transcript.lines(of: text) { lines.append(try Line(line)) }
    self.lines = lines
  }

  /// How the output differs.
  ///
  /// - Parameter output: The lines that the program printed.
  /// - Returns: Nil if it is as expected.
  public func difference(to output: [String]) -> LineDifference? {
    LineDifference(expected: lines, printed: output)
  }
}

/// A line with parts that are regular expressions.
struct Pattern: @unchecked Sendable {
  /// As it was written.
  let text: String
  // Never changed after it is made; Regex only lacks the word Sendable.
  private let regex: Regex<AnyRegexOutput>

  init(_ text: String) throws(Failure) {
    self.text = text
    do {
      regex = try Regex(Self.expression(text))
    } catch {
      throw Failure(
        "The expected line `\(text)` holds a regular expression that cannot "
          + "be read.",
        advice: "What stands between {{ and }} is a regular expression.")
    }
  }

  func matches(_ line: String) -> Bool {
    (try? regex.wholeMatch(in: line)) != nil
  }

  /// Letter for letter outside the braces. The last of several closing braces
  /// count, so that `{{[0-9]{4}}}` holds `[0-9]{4}`.
  private static func expression(_ text: String) -> String {
    var rest = Substring(text)
    var expression = ""
    while let part = rest.firstMatch(of: /\{\{(.*?)\}\}(?!\})/) {
      expression += escaped(rest[..<part.range.lowerBound])
      expression += "(?:\(part.1))"
      rest = rest[part.range.upperBound...]
    }
    return expression + escaped(rest)
  }

  private static func escaped(_ text: Substring) -> String {
    text.map { character in
      character.isASCII && !character.isLetter && !character.isNumber
        && character != " " ? "\\\(character)" : "\(character)"
    }.joined()
  }
}

extension Expectation.Line {
  init(_ text: String) throws(Failure) {
    if text == "..." {
      self = .anyLines
    } else if text.contains("{{") {
      self = .matching(try Pattern(text))
    } else {
      self = .exactly(text)
    }
  }

  func matches(_ line: String) -> Bool {
    switch self {
    case .exactly(let text): text == line
    case .matching(let pattern): pattern.matches(line)
    case .anyLines: true
    }
  }

  var isAnyLines: Bool {
    if case .anyLines = self { true } else { false }
  }

  var text: String {
    switch self {
    case .exactly(let text): text
    case .matching(let pattern): pattern.text
    case .anyLines: "..."
    }
  }
}
