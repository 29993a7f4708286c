// SPDX-License-Identifier: BSD-3-Clause

/// A word, a literal or a sign of Swift's grammar.
package struct SwiftToken: Equatable {
  package enum Kind: Equatable {
    /// A keyword or a name.
    case word
    /// A name between backticks, which is no keyword.
    case escapedWord
    /// A text without interpolations; `text` is what stands between the quotes.
    case string
    /// One bracket, comma and the like, or a whole operator.
    case sign
    /// A regular expression: what stands in it cannot be told from code.
    case regularExpression
  }

  package let kind: Kind
  package let text: String
  /// Count from 1.
  package let line: Int
  package let column: Int

  package init(kind: Kind, text: String, line: Int, column: Int) {
    self.kind = kind
    self.text = text
    self.line = line
    self.column = column
  }

  /// Whether this is the keyword or the sign `text`.
  package func `is`(_ text: String) -> Bool {
    self.text == text && (kind == .word || kind == .sign)
  }
}

/// Splits Swift source into tokens, without comments. What stands inside of an
/// interpolation is code and is split as well.
///
/// It never takes code for a comment or for a text; where it cannot tell, as in
/// regular expressions, it gives a token that says so.
package struct SwiftTokens {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0
  private var tokens: [SwiftToken] = []

  /// All tokens of `text`.
  package static func of(_ text: String) -> [SwiftToken] {
    var scanner = SwiftTokens(bytes: Array(text.utf8))
    scanner.code(inInterpolation: false)
    return scanner.tokens
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func byte(_ offset: Int = 0) -> UInt8? {
    bytes.indices.contains(index + offset) ? bytes[index + offset] : nil
  }

  private func starts(with text: StaticString) -> Bool {
    let wanted = Array("\(text)".utf8)
    return bytes[index...].starts(with: wanted)
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where index < bytes.count {
      if bytes[index] == UInt8(ascii: "\n") {
        line += 1
        lineStart = index + 1
      }
      index += 1
    }
  }

  private mutating func add(
    _ kind: SwiftToken.Kind, from start: Int, _ line: Int, _ column: Int
  ) {
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    tokens.append(
      SwiftToken(kind: kind, text: text, line: line, column: column))
  }

  /// Code as far as the end, or the parenthesis that ends an interpolation.
  private mutating func code(inInterpolation: Bool) {
    var depth = 0
    while let byte = byte() {
      if inInterpolation, byte == UInt8(ascii: "(") { depth += 1 }
      if inInterpolation, byte == UInt8(ascii: ")") {
        depth -= 1
        if depth < 0 { return advance() }
      }
      token(byte)
    }
  }

  private mutating func token(_ byte: UInt8) {
    switch byte {
    case 0...0x20: advance()
    case _ where starts(with: "//"): skipLine()
    case _ where starts(with: "/*"): skipComment()
    case UInt8(ascii: "\""): string(hashes: 0)
    case UInt8(ascii: "#"): hash()
    case UInt8(ascii: "`"): escapedWord()
    case _ where Self.isWord(byte): word()
    case _ where Self.isOperator(byte): sign()
    default:
      let (start, column) = (index, index - lineStart + 1)
      advance()
      add(.sign, from: start, line, column)
    }
  }

  private mutating func skipLine() {
    while let byte = byte(), byte != UInt8(ascii: "\n"),
      byte != UInt8(ascii: "\r")
    { advance() }
  }

  /// Comments of this kind may hold others.
  private mutating func skipComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        advance(2)
      } else if starts(with: "*/") {
        depth -= 1
        advance(2)
      } else {
        advance()
      }
    } while depth > 0 && index < bytes.count
  }

  private mutating func word() {
    let (start, column) = (index, index - lineStart + 1)
    while let byte = byte(), Self.isWord(byte) { advance() }
    add(.word, from: start, line, column)
  }

  private mutating func escapedWord() {
    let column = index - lineStart + 1
    advance()
    let start = index
    while let byte = byte(), byte != UInt8(ascii: "`"),
      byte != UInt8(ascii: "\n")
    { advance() }
    add(.escapedWord, from: start, line, column)
    if byte() == UInt8(ascii: "`") { advance() }
  }

  private mutating func sign() {
    let (start, column) = (index, index - lineStart + 1)
    let isRegularExpression = beginsRegularExpression
    while let byte = byte(), Self.isOperator(byte), !starts(with: "//"),
      !starts(with: "/*")
    { advance() }
    add(
      isRegularExpression ? .regularExpression : .sign, from: start, line,
      column)
  }

  /// A slash that cannot divide: nothing to be divided stands before it, and
  /// something stands right behind it.
  private var beginsRegularExpression: Bool {
    guard byte() == UInt8(ascii: "/"), let next = byte(1), next > 0x20,
      !"),/*=".utf8.contains(next)
    else { return false }
    guard let before = byte(-1) else { return true }
    return before <= 0x20 || "([{,;:=!&|?~^%*+-<>".utf8.contains(before)
  }

  /// `#if`, `#"a text"#`, or `#/a regular expression/#`.
  private mutating func hash() {
    let (start, column) = (index, index - lineStart + 1)
    var hashes = 0
    while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
    if byte(hashes) == UInt8(ascii: "\"") {
      advance(hashes)
      return string(hashes: hashes)
    }
    let isExpression = byte(hashes) == UInt8(ascii: "/")
    advance(hashes)
    add(isExpression ? .regularExpression : .sign, from: start, line, column)
  }

  private mutating func string(hashes: Int) {
    let (line, column) = (line, index - lineStart + 1)
    let quotes = startsManyLines(hashes: hashes) ? 3 : 1
    advance(quotes)
    let start = index
    let end =
      Array(repeating: UInt8(ascii: "\""), count: quotes) + Self.hashes(hashes)
    let escape = [UInt8(ascii: "\\")] + Self.hashes(hashes)
    while let byte = byte() {
      if bytes[index...].starts(with: end) { break }
      // The compiler complains of a text that its line does not end.
      if quotes == 1, byte == 0x0A || byte == 0x0D { break }
      if bytes[index...].starts(with: escape) {
        advance(escape.count)
        let isInterpolation = self.byte() == UInt8(ascii: "(")
        advance()
        if isInterpolation { code(inInterpolation: true) }
      } else {
        advance()
      }
    }
    add(.string, from: start, line, column)
    if bytes[index...].starts(with: end) { advance(end.count) }
  }

  /// Whether three quotes begin a text of several lines: `#"""#` is a quote.
  private func startsManyLines(hashes: Int) -> Bool {
    guard starts(with: "\"\"\"") else { return false }
    guard hashes > 0 else { return true }
    let end = [UInt8(ascii: "\"")] + Self.hashes(hashes)
    var place = index + 2
    while place < bytes.count, bytes[place] != 0x0A, bytes[place] != 0x0D {
      if bytes[place...].starts(with: end) { return false }
      place += 1
    }
    return true
  }

  private static func hashes(_ count: Int) -> [UInt8] {
    Array(repeating: UInt8(ascii: "#"), count: count)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...,
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"):
      true
    default: false
    }
  }

  private static func isOperator(_ byte: UInt8) -> Bool {
    "/=-+*%<>!&|^~?".utf8.contains(byte)
  }
}
