// SPDX-License-Identifier: BSD-3-Clause

import Inspecting
import Runner

/// Searches the smallest memory in which a program does its work.
///
/// It supposes that more memory never hurts. Memories are multiples of `step`.
struct SmallestMemory {
  /// In KiB, as all sizes here.
  static let step = 64
  /// Programs that need more are not measured.
  static let most = 128 << 10

  /// Doubles the distance from `least` until the program runs, and then halves
  /// what is between: a program that runs in `least` is booted once.
  ///
  /// - Parameters:
  ///   - least: Where to begin; what is smaller is not tried.
  ///   - runs: Whether the program does its work with so much memory.
  /// - Returns: The size, or nil if it is more than ``most``.
  static func search(
    from least: Int, _ runs: (Int) throws -> Bool
  ) rethrows -> Int? {
    // It does not run with `low`, as far as is known, and does with `high`.
    var (low, high) = (least - step, least)
    while try !runs(high) {
      guard high < most else { return nil }
      low = high
      high = min(most, least + max(step, 2 * (high - least)))
    }
    while high - low > step {
      let middle = low + (high - low) / step / 2 * step
      if try runs(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
