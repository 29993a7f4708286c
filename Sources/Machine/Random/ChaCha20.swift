// SPDX-License-Identifier: BSD-3-Clause

/// The block function of ChaCha20 (RFC 8439, section 2.3): sixteen numbers that
/// cannot be told from random ones without the key.
///
///     constant constant constant constant
///     key      key      key      key         20 rounds of additions,
///     key      key      key      key         rotations and exclusive ors,
///     counter  nonce    nonce    nonce       then added to the start
enum ChaCha20 {
  typealias Block = [16 of UInt32]

  /// The block that belongs to a start.
  static func block(_ start: Block) -> Block {
    var state = start
    for _ in 0..<10 {
      for column in 0..<4 {
        quarterRound(&state, column, column + 4, column + 8, column + 12)
      }
      for column in 0..<4 {
        quarterRound(
          &state, column, 4 + (column + 1) & 3, 8 + (column + 2) & 3,
          12 + (column + 3) & 3)
      }
    }
    for index in state.indices { state[index] &+= start[index] }
    return state
  }

  private static func quarterRound(
    _ state: inout Block, _ a: Int, _ b: Int, _ c: Int, _ d: Int
  ) {
    mix(&state, a, b, d, 16)
    mix(&state, c, d, b, 12)
    mix(&state, a, b, d, 8)
    mix(&state, c, d, b, 7)
  }

  private static func mix(
    _ state: inout Block, _ sum: Int, _ term: Int, _ other: Int, _ turn: UInt32
  ) {
    state[sum] &+= state[term]
    let mixed = state[other] ^ state[sum]
    state[other] = mixed << turn | mixed >> (32 - turn)
  }
}
