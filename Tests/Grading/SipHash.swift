// SPDX-License-Identifier: BSD-3-Clause

import Console
import Hart

/// A key that only the grader and the program it started know.
public struct GradingKey: Equatable, Sendable {
  let low: UInt64
  let high: UInt64

  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The key in 32 hexadecimal digits, the first two of which are its first
  /// byte; nil if `digits` are anything else.
  public init?(_ digits: ByteView) {
    var reader = KeyDigits()
    for index in digits.indices { reader.take(digits[index]) }
    reader.take(0x0A)
    guard let key = reader.key else { return nil }
    self = key
  }
}

/// The keyed digest of a text that is written to it byte by byte.
///
/// Who does not know the key cannot find the digest. It is SipHash-2-4, from
/// "SipHash: a fast short-input PRF" by Aumasson and Bernstein, 2012.
public struct SipHash: TextOutput, Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  private var word: UInt64 = 0
  private var count = 0

  /// The digest of no text yet.
  public init(key: GradingKey) {
    v0 = key.low ^ 0x736f_6d65_7073_6575
    v1 = key.high ^ 0x646f_7261_6e64_6f6d
    v2 = key.low ^ 0x6c79_6765_6e65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  public mutating func write(_ byte: UInt8) {
    word |= UInt64(byte) << (count % 8 * 8)
    count += 1
    if count % 8 == 0 { takeWord() }
  }

  /// The digest of what was written so far.
  public func digest() -> UInt64 {
    var rest = self
    rest.word |= UInt64(truncatingIfNeeded: count) << 56
    rest.takeWord()
    rest.v2 ^= 0xFF
    for _ in 0..<4 { rest.round() }
    return rest.v0 ^ rest.v1 ^ rest.v2 ^ rest.v3
  }

  private mutating func takeWord() {
    v3 ^= word
    round()
    round()
    v0 ^= word
    word = 0
  }

  private mutating func round() {
    v0 &+= v1
    v1 = rotate(v1, by: 13) ^ v0
    v0 = rotate(v0, by: 32)
    v2 &+= v3
    v3 = rotate(v3, by: 16) ^ v2
    v0 &+= v3
    v3 = rotate(v3, by: 21) ^ v0
    v2 &+= v1
    v1 = rotate(v1, by: 17) ^ v2
    v2 = rotate(v2, by: 32)
  }
}

private func rotate(_ word: UInt64, by bits: UInt64) -> UInt64 {
  word << bits | word >> (64 - bits)
}
