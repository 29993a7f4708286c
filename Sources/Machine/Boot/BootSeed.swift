// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The firmware's random seed, divided among the canary and the generator, so
/// that neither knows what the other has:
///
///     word 0        ──▶ the canary
///     words 1 to 3  ──▶ the generator of `Random`
///
/// QEMU's seed has just these four; of a longer one, the words that follow are
/// mixed with them in turn. A single word is too short to be divided.
struct BootSeed {
  private var words: [4 of UInt64] = .init(repeating: 0)

  /// For the canary.
  var canary: UInt64 { words[0] }

  /// All whole words that `bytes` has.
  init(_ bytes: ByteView) {
    var offset = 0
    while let word = bytes.native64(at: offset) {
      words[offset >> 3 & 3] ^= word
      offset += 8
    }
    if offset == 8 { words[1] = words[0] }
  }

  /// Gives each word of the generator's away, and forgets it.
  mutating func take(_ use: (UInt64) -> Void) {
    for index in 1..<4 {
      use(words[index])
      words[index] = 0
    }
  }

  /// The canary is made.
  mutating func forgetCanary() { words[0] = 0 }
}
