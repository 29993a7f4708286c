// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Text and numbers, written digit by digit: nothing is stored, so nothing is
/// allocated.
extension TextOutput where Self: ~Copyable {
  /// Writes `text` as it stands.
  @inline(__always)
  public mutating func write(_ text: StaticString) {
    write(unchanged: ByteView(text))
  }

  /// Never inlined: where a text is written, two arguments and a call are
  /// enough.
  @inline(never)
  mutating func write(unchanged text: ByteView) {
    for index in text.indices { write(text[index]) }
  }

  /// Writes text that comes from outside. What could move the cursor or
  /// change colours (control characters but tab) becomes `?`.
  public mutating func write(_ text: ByteView) {
    for index in text.indices {
      let byte = text[index]
      let isControl = byte < 0x20 && byte != 0x09 || byte == 0x7F
      write(isControl ? UInt8(ascii: "?") : byte)
    }
  }

  /// Writes `number` in decimal, with a minus sign if it is negative, padded
  /// with spaces on the left to at least `width` characters.
  public mutating func write(_ number: Int64, width: Int = 0) {
    guard number < 0 else {
      return write(unsigned: number.magnitude, width: width)
    }
    let digits = digitCount(number.magnitude)
    pad(UInt8(ascii: " "), count: width - digits - 1)
    write(UInt8(ascii: "-"))
    write(unsigned: number.magnitude)
  }

  /// Writes `number` in decimal, padded on the left with `padding` to at
  /// least `width` characters.
  public mutating func write(
    unsigned number: UInt64, width: Int = 0, padding: UInt8 = UInt8(ascii: " ")
  ) {
    let digits = digitCount(number)
    pad(padding, count: width - digits)
    var scale: UInt64 = 1
    for _ in 1..<digits { scale *= 10 }
    while scale > 0 {
      write(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / scale % 10))
      scale /= 10
    }
  }

  /// Writes `0x` and `number` in hexadecimal, with zeros in front to at least
  /// `digits` digits, from 1 to 16.
  public mutating func write(hex number: UInt64, digits: Int = 1) {
    precondition(digits >= 1 && digits <= 16)
    write("0x")
    let needed = max(digits, (67 - number.leadingZeroBitCount) / 4)
    for position in (0..<needed).reversed() {
      let digit = UInt8(truncatingIfNeeded: number >> (position * 4) & 0xF)
      write(digit < 10 ? UInt8(ascii: "0") + digit : 87 + digit)
    }
  }

  private mutating func pad(_ byte: UInt8, count: Int) {
    for _ in 0..<max(0, count) { write(byte) }
  }
}

/// How many decimal digits `number` has; 1 for 0.
private func digitCount(_ number: UInt64) -> Int {
  var count = 1
  var rest = number / 10
  while rest > 0 {
    count += 1
    rest /= 10
  }
  return count
}
