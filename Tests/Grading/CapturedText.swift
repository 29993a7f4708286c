// SPDX-License-Identifier: BSD-3-Clause

import Console

/// What an exercise has written, kept to be compared.
///
/// It has room for 256 bytes; of those that come after, only the number is
/// known.
public struct CapturedText: TextOutput, Sendable {
  private var bytes: [256 of UInt8] = .init(repeating: 0)

  /// How many bytes were written.
  public private(set) var count = 0

  /// A text without any byte.
  public init() {}

  public mutating func write(_ byte: UInt8) {
    if count < 256 { bytes[count] = byte }
    count += 1
  }

  /// The byte at `index`, or nil where there is none.
  public subscript(index: Int) -> UInt8? {
    index >= 0 && index < min(count, 256) ? bytes[index] : nil
  }

  /// Whether these are the bytes of `text`.
  public static func == (captured: CapturedText, text: StaticString) -> Bool {
    var expected = CapturedText()
    expected.write(text)
    return captured == expected
  }

  /// Whether both texts have the same bytes.
  public static func == (one: CapturedText, other: CapturedText) -> Bool {
    guard one.count == other.count, one.count <= 256 else { return false }
    for index in 0..<one.count {
      guard one.bytes[index] == other.bytes[index] else { return false }
    }
    return true
  }

  /// Writes the text between quotation marks, on one line.
  func write<Output: TextOutput>(quotedTo output: inout Output) {
    output.write("\"")
    for index in 0..<min(count, 256) {
      switch bytes[index] {
      case 0x0A: output.write("\\n")
      case 0x0D: output.write("\\r")
      case 0x20...0x7E: output.write(bytes[index])
      default: output.write("?")
      }
    }
    output.write(count > 256 ? "…\"" : "\"")
  }
}

extension Message.Interpolation {
  /// What an exercise has written, between quotation marks.
  @inline(never)
  public mutating func appendInterpolation(_ text: CapturedText) {
    var console = SystemConsole()
    text.write(quotedTo: &console)
  }

  /// A number in decimal, or `nil`.
  @inline(never)
  public mutating func appendInterpolation(_ number: UInt64?) {
    var console = SystemConsole()
    guard let number else { return console.write("nil") }
    console.write(unsigned: number)
  }

  /// An address in hexadecimal, or `nil`.
  public mutating func appendInterpolation(address: UInt64?) {
    guard let address else { return appendLiteral("nil") }
    appendInterpolation(hex: address)
  }
}
