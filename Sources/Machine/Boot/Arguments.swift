// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The program's arguments: words of the command line, separated by spaces.
///
///     make run-ch1 ARGS="fast status=3"
///
/// An argument may be a plain word or a pair `name=value`. Reading them copies
/// nothing.
public struct Arguments {
  private let line: ByteView
  private var position = 0

  /// The words of `line`; a zero byte, if there is one, ends it.
  public init(_ line: ByteView) {
    var end = 0
    while end < line.count, line[end] != 0 { end += 1 }
    self.line = line[0..<end]
  }

  /// The next word, or nil after the last.
  public mutating func next() -> ByteView? {
    while position < line.count, isSpace(line[position]) { position += 1 }
    let start = position
    while position < line.count, !isSpace(line[position]) { position += 1 }
    return start == position ? nil : line[start..<position]
  }

  /// The value of the first argument `name=value`, or nil if there is none.
  public func value(of name: StaticString) -> ByteView? {
    var words = Arguments(line)
    while let word = words.next() {
      guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else {
        continue
      }
      if word[0..<equals] == name { return word[(equals + 1)..<word.count] }
    }
    return nil
  }

  /// The value of the first argument `name=value`, if it is a decimal number
  /// that fits; nil otherwise.
  public func integer(_ name: StaticString) -> Int? {
    guard let digits = value(of: name), digits.count > 0 else { return nil }
    var number = 0
    for index in digits.indices {
      let digit = Int(digits[index]) - 48
      guard digit >= 0, digit <= 9 else { return nil }
      let (scaled, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      number = sum
    }
    return number
  }
}

private func isSpace(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == 0x09 || byte == 0x0A || byte == 0x0D
}
