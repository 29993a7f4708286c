// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Where a moment is on paper.
struct TimeScale {
  /// About so many ticks on the whole width.
  private static let ticks = 8.0

  let clock: TraceClock
  /// Where time 0 is.
  let left: Double
  /// How wide the longest section is.
  let width: Double
  private let longest: UInt64

  /// - Parameters:
  ///   - clock: What a tick is.
  ///   - longest: The length of the longest section; all others have the same
  ///     scale.
  ///   - left: Where time 0 is.
  ///   - width: How wide the longest section is.
  init(_ clock: TraceClock, longest: UInt64, left: Double, width: Double) {
    self.clock = clock
    self.longest = max(1, longest)
    self.left = left
    self.width = width
  }

  /// - Parameter ticks: Counted from the start of the section.
  /// - Returns: From the left edge of the drawing.
  func x(_ ticks: UInt64) -> Double {
    left + Double(ticks) / Double(longest) * width
  }

  /// The marks on the axis of a section: round times, all the same on every
  /// section.
  ///
  /// - Parameter length: How long the section is.
  /// - Returns: Each mark's place and text.
  func marks(upTo length: UInt64) -> [(x: Double, text: String)] {
    let unit = TimeUnit(for: clock.microseconds(longest) / 2)
    let whole = clock.microseconds(longest) / unit.microseconds
    let step = Self.roundStep(atLeast: whole / Self.ticks)
    let count = Int(
      clock.microseconds(length) / unit.microseconds / step + 1e-9)
    return (0...count).map { index in
      let time = Double(index) * step
      let text = index == 0 ? "0" : Decimal.text(time, digits: 3)
      return (left + time / whole * width, "\(text) \(unit.name)")
    }
  }

  /// 1, 2 or 5, times a power of ten.
  static func roundStep(atLeast least: Double) -> Double {
    var power = 1e-3
    while power * 10 <= least { power *= 10 }
    return [1, 2, 5].map { $0 * power }.first { $0 >= least } ?? power * 10
  }
}
