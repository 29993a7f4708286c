// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Addresses from the first to the last, so that a range may reach the end of
/// all addresses.
struct AddressRange: Equatable, Hashable {
  let first: UInt64
  let last: UInt64

  /// - Precondition: The last one is not below the first.
  init(first: UInt64, last: UInt64) {
    precondition(first <= last, "a range that ends before it starts")
    self.first = first
    self.last = last
  }

  /// So many bytes, or as many as there are up to the last address.
  init(first: UInt64, size: UInt64) {
    let (last, overflow) = first.addingReportingOverflow(max(size, 1) - 1)
    self.init(first: first, last: overflow ? .max : last)
  }

  /// How many bytes; `UInt64.max` stands for all there are, too.
  var size: UInt64 {
    let (size, overflow) = (last - first).addingReportingOverflow(1)
    return overflow ? .max : size
  }

  func contains(_ address: UInt64) -> Bool {
    first <= address && address <= last
  }

  /// The whole pages of 4 KiB that it touches.
  var pages: AddressRange {
    AddressRange(first: first & ~0xFFF, last: last | 0xFFF)
  }

  /// `0x80200000..<0x80208000`.
  func text(digits: Int) -> String {
    "0x\(Self.hex(first, digits))..<\(end(digits: digits))"
  }

  /// The address behind the last one, which may be one that does not exist.
  func end(digits: Int) -> String {
    guard last != .max else { return "0x1" + Self.hex(0, 16) }
    return "0x" + Self.hex(last + 1, digits)
  }

  /// How many digits its last address takes: eight, or an even number above.
  var digits: Int {
    max(8, (64 - last.leadingZeroBitCount + 7) / 8 * 2)
  }

  /// Without a prefix, filled up with zeros.
  static func hex(_ number: UInt64, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

/// A number of bytes for people: the largest unit in which it has no more than
/// halves, or rounded to tenths where it is ten units or more.
enum ByteCount {
  private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

  static func text(_ bytes: UInt64) -> String {
    let power = units.indices.last { isReadable(bytes, 1 << ($0 * 10)) } ?? 0
    let unit: UInt64 = 1 << (power * 10)
    var (whole, tenths) = (bytes / unit, (bytes % unit * 10 + unit / 2) / unit)
    if tenths == 10 { (whole, tenths) = (whole + 1, 0) }
    return (tenths == 0 ? "\(whole)" : "\(whole).\(tenths)")
      + " \(units[power])"
  }

  private static func isReadable(_ bytes: UInt64, _ unit: UInt64) -> Bool {
    bytes >= unit && (bytes % max(unit / 2, 1) == 0 || bytes / unit >= 10)
  }
}
