// SPDX-License-Identifier: BSD-3-Clause

import Hart

extension AddressSpace {
  /// Makes `size` bytes from `address` on mean nothing.
  ///
  /// - Throws: `misaligned`, `notCanonical`, `notMapped` if that is so at any
  ///   address, `outOfFrames` if a larger page must be split for it.
  public mutating func unmap(
    _ address: UInt64, size: UInt64
  ) throws(MappingError) {
    try prepare(address, size)
    unmapKnown(address, size: size)
  }

  /// Changes what may be done with `size` bytes from `address` on.
  ///
  /// - Throws: What ``unmap(_:size:)`` throws.
  public mutating func protect(
    _ address: UInt64, size: UInt64, _ protection: Protection
  ) throws(MappingError) {
    try prepare(address, size)
    var change = Change.none
    var cursor = MappingCursor(address: address, physical: 0, rest: size)
    while cursor.rest > 0 {
      guard let place = place(of: cursor.address) else { break }
      setEntry(place.index, of: place.table, place.entry.with(protection))
      change.add(cursor.address)
      cursor.advance(by: Mode.pageSize(level: place.level))
    }
    fence(change)
  }

  /// Unmaps what is known to be mapped, in pages that do not reach beyond.
  mutating func unmapKnown(_ address: UInt64, size: UInt64) {
    var change = Change.none
    var cursor = MappingCursor(address: address, physical: 0, rest: size)
    unmap(&cursor, in: root, Mode.levels - 1, &change)
    fence(change)
  }

  private mutating func unmap(
    _ cursor: inout MappingCursor, in table: Frame, _ level: Int,
    _ change: inout Change
  ) {
    var index = Mode.index(of: cursor.address, level: level)
    while cursor.rest > 0, index < 512 {
      let old = entry(index, of: table)
      if old.isPage {
        setEntry(index, of: table, .none)
        change.add(cursor.address)
        cursor.advance(by: Mode.pageSize(level: level))
      } else {
        let first = Mode.index(of: cursor.address, level: level - 1)
        unmap(&cursor, in: old.frame, level - 1, &change)
        if removeIfEmpty(old.frame, at: index, of: table, near: first) {
          change = .many
        }
      }
      index += 1
    }
  }

  // MARK: - Before a change

  /// Makes sure that all of it is mapped, in pages that do not reach beyond:
  /// what comes after cannot fail.
  private mutating func prepare(
    _ address: UInt64, _ size: UInt64
  ) throws(MappingError) {
    try check(address, size)
    var next = address
    while next &- address < size {
      guard let place = place(of: next) else { throw .notMapped(next) }
      let page = Mode.pageSize(level: place.level)
      next = next.roundedDown(to: page) &+ page
    }
    try split(at: address)
    try split(at: address &+ size)
  }

  /// Replaces a page that begins below `address` and ends above it by smaller
  /// ones that translate the same.
  private mutating func split(at address: UInt64) throws(MappingError) {
    while let place = place(of: address) {
      let size = Mode.pageSize(level: place.level)
      guard address & (size - 1) != 0 else { return }
      let child = try newTable()
      let part = Mode.pageSize(level: place.level - 1)
      for index in 0..<UInt64(512) {
        setEntry(index, of: child, place.entry.part(at: index * part))
      }
      setEntry(place.index, of: place.table, PageTableEntry(table: child))
      fence(.many)
    }
  }
}
