// SPDX-License-Identifier: BSD-3-Clause

/// A ChaCha20 generator with fast key erasure, seeded from the entropy that the
/// machine collects.
///
/// Each request makes a new key, and erases the old one: an attacker who reads
/// the generator's memory learns nothing of the numbers given out before.
struct RandomGenerator {
  private var key: [8 of UInt32] = .init(repeating: 0)
  private var block: ChaCha20.Block = .init(repeating: 0)
  /// How many words of the block are left.
  private var left = 0

  init() {}

  /// Adds chance. It never takes away what was there before, however bad.
  mutating func add(_ word: UInt64) {
    key[0] ^= UInt32(truncatingIfNeeded: word)
    key[1] ^= UInt32(truncatingIfNeeded: word >> 32)
    refill()
    left = 0
  }

  /// The next random number.
  mutating func next() -> UInt32 {
    if left == 0 { refill() }
    left -= 1
    let word = block[8 + left]
    block[8 + left] = 0
    return word
  }

  /// Makes a block: one half is the next key, the other is given out.
  private mutating func refill() {
    var start = ChaCha20.Block(repeating: 0)
    start[0] = 0x6170_7865
    start[1] = 0x3320_646E
    start[2] = 0x7962_2D32
    start[3] = 0x6B20_6574
    for index in key.indices { start[4 + index] = key[index] }
    block = ChaCha20.block(start)
    for index in key.indices {
      key[index] = block[index]
      block[index] = 0
    }
    left = 8
  }
}
