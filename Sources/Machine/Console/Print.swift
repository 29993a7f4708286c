// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A line for the system console, written while it is evaluated.
///
/// Swift's own strings need a heap. A message needs none: each literal piece
/// and each value goes to the console as Swift comes by it, from left to
/// right. So `"took \(work()) ticks"` first writes `took `, then calls
/// `work`.
///
/// The pieces are calls that are never inlined: an image holds many messages,
/// and none of them is worth copying the formatting for.
public struct Message: ExpressibleByStringInterpolation {
  @inline(__always)
  public init(stringLiteral text: StaticString) {
    var console = SystemConsole()
    console.write(text)
  }

  @inline(__always)
  public init(stringInterpolation: Interpolation) {}

  /// The pieces between and inside the `\(…)`.
  public struct Interpolation: StringInterpolationProtocol {
    private var console = SystemConsole()

    @inline(__always)
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Text between two values; often there is none.
    @inline(__always)
    public mutating func appendLiteral(_ text: StaticString) {
      if text.utf8CodeUnitCount > 0 { console.write(text) }
    }

    /// Text that is known when the program is built.
    @inline(never)
    public mutating func appendInterpolation(_ text: StaticString) {
      console.write(text)
    }

    /// Text from outside, its control characters shown as `?`.
    @inline(never)
    public mutating func appendInterpolation(_ text: ByteView) {
      console.write(text)
    }

    /// A number in decimal.
    @inline(never)
    public mutating func appendInterpolation(_ number: Int) {
      console.write(Int64(number))
    }

    /// A number in decimal, with spaces in front to at least `width`.
    @inline(never)
    public mutating func appendInterpolation(_ number: Int, width: Int) {
      console.write(Int64(number), width: width)
    }

    /// A number in decimal.
    @inline(never)
    public mutating func appendInterpolation(_ number: UInt64) {
      console.write(unsigned: number)
    }

    /// A number in decimal, with spaces in front to at least `width`.
    @inline(never)
    public mutating func appendInterpolation(_ number: UInt64, width: Int) {
      console.write(unsigned: number, width: width)
    }

    /// A number in decimal, with zeros in front to at least `digits` digits.
    @inline(never)
    public mutating func appendInterpolation(
      _ number: UInt64, digits: Int
    ) {
      console.write(
        unsigned: number, width: digits, padding: UInt8(ascii: "0"))
    }

    /// Addresses from the first to the one after the last, in hexadecimal.
    @inline(never)
    public mutating func appendInterpolation(_ addresses: Range<UInt64>) {
      console.write(hex: addresses.lowerBound, digits: 8)
      console.write("..<")
      console.write(hex: addresses.upperBound, digits: 8)
    }

    /// A number in hexadecimal, with zeros in front to at least `digits`
    /// digits, from 1 to 16.
    @inline(never)
    public mutating func appendInterpolation(
      hex number: UInt64, digits: Int = 1
    ) {
      console.write(hex: number, digits: digits)
    }
  }
}

/// Writes `message` and the end of the line to the system console.
///
/// Needs no heap. May be called from an interrupt.
///
/// (It has no second parameter, so Swift prefers it to the `print` of its own
/// library, whose terminator is left out.)
@inline(__always)
public func print(_ message: Message) { print() }

/// Ends the line on the system console.
@inline(never)
public func print() {
  var console = SystemConsole()
  console.write(UInt8(ascii: "\n"))
}

/// Writes `message` to the system console and stays on its line.
@inline(__always)
public func put(_ message: Message) {}
