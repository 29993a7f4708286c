// SPDX-License-Identifier: BSD-3-Clause

/// Small numbers that look random and are the same for the same seed: an
/// xorshift generator, for decisions that are made millions of times.
public struct Dice: Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A number from 0 up to `sides`.
  public mutating func roll(_ sides: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int((state >> 16) % UInt64(sides))
  }
}
