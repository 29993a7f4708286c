// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Turns the ticks of a hart's clock into time.
struct TraceClock: Equatable {
  /// What QEMU's board has, for a trace that has lost its first line.
  static let usual: UInt64 = 10_000_000

  /// Ticks in a second; never 0.
  let frequency: UInt64

  init(frequency: UInt64?) { self.frequency = max(1, frequency ?? Self.usual) }

  func microseconds(_ ticks: UInt64) -> Double {
    Double(ticks) * 1e6 / Double(frequency)
  }

  /// A span of time with three digits that count: `38.5 ms`.
  func text(_ ticks: UInt64) -> String {
    let time = microseconds(ticks)
    let unit = TimeUnit(for: time)
    let amount = time / unit.microseconds
    let digits = amount >= 99.95 ? 0 : (amount >= 9.995 ? 1 : 2)
    return Decimal.text(amount, digits: digits) + " " + unit.name
  }

  /// A moment: every digit that the clock tells, in milliseconds.
  func moment(_ ticks: UInt64) -> String {
    Decimal.text(microseconds(ticks) / 1e3, digits: 4) + " ms"
  }
}

/// The units in which times are told.
enum TimeUnit: Double, CaseIterable {
  case seconds = 1e6
  case milliseconds = 1e3
  case microseconds = 1

  var microseconds: Double { rawValue }

  var name: String {
    switch self {
    case .seconds: "s"
    case .milliseconds: "ms"
    case .microseconds: "µs"
    }
  }

  /// The greatest in which a time is at least 1.
  init(for microseconds: Double) {
    // 999.6 µs is told as 1.00 ms, not as 1000 µs.
    self =
      Self.allCases.first { microseconds >= $0.rawValue * 0.9995 }
      ?? .microseconds
  }
}

/// Numbers as every country writes them here: with a point, and no groups.
enum Decimal {
  /// - Parameters:
  ///   - number: Not negative; what is no finite number, or beyond the range of
  ///     the integers, becomes the nearest that can be written.
  ///   - digits: At most so many after the point; zeros at the end are left
  ///     out.
  /// - Returns: The digits.
  static func text(_ number: Double, digits: Int) -> String {
    var unit = 1
    for _ in 0..<max(0, digits) { unit *= 10 }
    let scaled = (number * Double(unit)).rounded()
    let units = scaled.isFinite ? Int(min(max(scaled, 0), 9e18)) : 0
    let (whole, part) = units.quotientAndRemainder(dividingBy: unit)
    guard part > 0 else { return "\(whole)" }
    let padded = String("\(unit + part)".dropFirst())
    return "\(whole)." + padded.reversed().drop { $0 == "0" }.reversed()
  }
}
