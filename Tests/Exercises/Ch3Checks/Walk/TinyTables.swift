// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A memory that holds three page tables, of which few entries are set: no
/// heap is needed.
///
///     root 0x8000_1000 ─▶ middle 0x8000_2000 ─▶ last 0x8000_3000
struct TinyTables: WordMemory {
  static let root: UInt64 = 0x8000_1000
  static let middle: UInt64 = 0x8000_2000
  static let last: UInt64 = 0x8000_3000

  private var places: [8 of UInt64] = .init(repeating: 0)
  private var entries: [8 of UInt64] = .init(repeating: 0)
  private var count = 0

  // Set when something else is read; checks run one after the other.
  nonisolated(unsafe) private static var strayRead: UInt64?

  init() { unsafe Self.strayRead = nil }

  /// The first address outside of the tables that was read, or nil.
  static var stray: UInt64? { unsafe strayRead }

  /// Sets the entry of `table` for `address` at `level`.
  mutating func set(
    _ table: UInt64, _ level: UInt64, _ address: UInt64, to entry: UInt64
  ) {
    precondition(count < 8)
    places[count] = table + (address >> (12 + 9 * level) & 511) * 8
    entries[count] = entry
    count += 1
  }

  /// The usual tables for `address`, with `entry` at `level`.
  init(_ address: UInt64, level: UInt64, entry: UInt64) {
    self.init()
    if level < 2 { set(Self.root, 2, address, to: Self.table(Self.middle)) }
    if level < 1 { set(Self.middle, 1, address, to: Self.table(Self.last)) }
    let tables = (Self.last, Self.middle, Self.root)
    set(
      level == 0 ? tables.0 : level == 1 ? tables.1 : tables.2, level, address,
      to: entry)
  }

  /// The entry that leads to a table.
  static func table(_ address: UInt64) -> UInt64 { address >> 2 | 1 }

  func load(_ address: UInt64) -> UInt64 {
    guard address >= Self.root, address < Self.last + 4096, address % 8 == 0
    else {
      if unsafe Self.strayRead == nil { unsafe Self.strayRead = address }
      return 0
    }
    for index in 0..<count where places[index] == address {
      return entries[index]
    }
    return 0
  }

  /// A walk writes nothing.
  func store(_ value: UInt64, at address: UInt64) {}
}
