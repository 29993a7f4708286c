// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Memory for one pool, which counts what is done to it. Beyond its
/// addresses there is nothing: an access there is remembered, too.
final class PoolMemory: WordMemory {
  /// What every word holds at first.
  static let filling: UInt64 = 0xA5A5_A5A5_A5A5_A5A5

  let addresses: Range<UInt64>
  private var words: [UInt64]
  private(set) var accesses = 0
  /// The first address that does not belong to the pool.
  private(set) var stray: UInt64?

  init(_ addresses: Range<UInt64>) {
    self.addresses = addresses
    words = Array(repeating: Self.filling, count: addresses.count / 8)
  }

  private func index(_ address: UInt64) -> Int? {
    accesses += 1
    guard addresses.contains(address), address % 8 == 0 else {
      stray = stray ?? address
      return nil
    }
    return Int(address - addresses.lowerBound) / 8
  }

  func load(_ address: UInt64) -> UInt64 {
    index(address).map { words[$0] } ?? 0
  }

  func store(_ value: UInt64, at address: UInt64) {
    guard let index = index(address) else { return }
    words[index] = value
  }

  /// Writes as the user of a slot does: that is not counted.
  func fill(_ slot: UInt64, size: UInt64, with value: UInt64) {
    for index in range(slot, size) { words[index] = value }
  }

  /// What a user finds in his slot, at the first word that is not `value`.
  func other(
    than value: UInt64, in slot: UInt64, size: UInt64
  ) -> (address: UInt64, value: UInt64)? {
    for index in range(slot, size) where words[index] != value {
      return (addresses.lowerBound + UInt64(index) * 8, words[index])
    }
    return nil
  }

  private func range(_ slot: UInt64, _ size: UInt64) -> Range<Int> {
    let first = Int(slot - addresses.lowerBound) / 8
    return first..<(first + Int(size) / 8)
  }

  /// Whether a slot there is inside.
  func holds(_ slot: UInt64, size: UInt64) -> Bool {
    slot >= addresses.lowerBound && slot < addresses.upperBound
      && addresses.upperBound - slot >= size
  }

  func takeAccesses() -> Int {
    defer { accesses = 0 }
    return accesses
  }
}
