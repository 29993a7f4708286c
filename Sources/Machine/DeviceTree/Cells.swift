// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Reads numbers of one or more 32-bit cells each out of a property's value,
/// one after another.
struct CellReader: Sendable {
  private let value: ByteView
  private let offset: Int
  private var position = 0

  /// A reader that is at its end from the start if there is no property.
  init(_ property: Property?) {
    value = property?.value ?? ByteView("")
    offset = property?.offset ?? 0
  }

  var isAtEnd: Bool { position >= value.count }

  /// The next number, most significant cell first. No cells make 0.
  ///
  /// - Throws: `badValue` if the value ends before the number does,
  ///   `numberTooWide` if it does not fit.
  @inline(never)
  mutating func number(cells: Int) throws(DeviceTreeError) -> UInt64 {
    var number: UInt64 = 0
    for _ in 0..<cells {
      guard number >> 32 == 0 else {
        throw DeviceTreeError(.numberTooWide, at: offset + position)
      }
      number = number << 32 | UInt64(try cell())
    }
    return number
  }

  /// The next cell.
  @inline(__always)
  mutating func cell() throws(DeviceTreeError) -> UInt32 {
    guard let cell = value.bigEndian32(at: position) else {
      throw DeviceTreeError(.badValue, at: offset + position)
    }
    position += 4
    return cell
  }

  /// The bytes of the next `cells` cells.
  mutating func view(cells: Int) throws(DeviceTreeError) -> ByteView {
    guard cells <= (value.count - position) / 4 else {
      throw DeviceTreeError(.badValue, at: offset + position)
    }
    defer { position += 4 * cells }
    return value[position..<position + 4 * cells]
  }
}
