// SPDX-License-Identifier: BSD-3-Clause

/// Numbers that look random and are the same for the same seed: SplitMix64.
public struct SeededNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to `bound`. Quicker than an exact `random(in:)`.
  public mutating func below(_ bound: Int) -> Int {
    Int(next() >> 33) % max(bound, 1)
  }

  /// A number from 0 up to `bound`, which may not be 0.
  public mutating func word(below bound: UInt64) -> UInt64 {
    (next() >> 16) % bound
  }
}
