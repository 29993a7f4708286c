// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What a virtual address means.
public struct Translation: Equatable, Sendable {
  /// The physical address.
  public let physical: UInt64
  /// What may be done there.
  public let protection: Protection
  /// The size of the page, in bytes.
  public let pageSize: UInt64
}

/// One step on the way from the root to a page.
public struct WalkStep: Sendable {
  /// From the number of levels less one, at the root, down to 0.
  public let level: Int
  /// Which of the 512 entries was looked at.
  public let index: UInt64
  /// What stands there.
  public let entry: PageTableEntry

  let table: Frame
}

extension AddressSpace {
  /// Where a page's entry stands.
  typealias LeafEntry = WalkStep

  /// The entry of the page that holds `address`, or nil if none does.
  func place(of address: UInt64) -> LeafEntry? {
    guard Mode.isCanonical(address) else { return nil }
    var table = root
    for level in (0..<Mode.levels).reversed() {
      let index = Mode.index(of: address, level: level)
      let entry = entry(index, of: table)
      guard entry.isValid else { return nil }
      if entry.isPage {
        return LeafEntry(level: level, index: index, entry: entry, table: table)
      }
      table = entry.frame
    }
    return nil
  }

  /// What `address` means, or nil if it means nothing. Costs some 20
  /// instructions a level.
  public func translate(_ address: UInt64) -> Translation? {
    guard let place = place(of: address),
      let protection = place.entry.protection
    else { return nil }
    let size = Mode.pageSize(level: place.level)
    return Translation(
      physical: place.entry.frame.address + address & (size - 1),
      protection: protection, pageSize: size)
  }

  /// Follows the way that the hart takes from the root for `address`, up to a
  /// page or to an entry that means nothing.
  public func walk(_ address: UInt64, _ visit: (WalkStep) -> Void) {
    guard Mode.isCanonical(address) else { return }
    var table = root
    for level in (0..<Mode.levels).reversed() {
      let index = Mode.index(of: address, level: level)
      let entry = entry(index, of: table)
      visit(WalkStep(level: level, index: index, entry: entry, table: table))
      guard entry.isValid, !entry.isPage else { return }
      table = entry.frame
    }
  }

  /// Calls `visit` with every page, from the lowest address to the highest.
  public func forEachPage(
    _ visit: (_ address: UInt64, Translation) -> Void
  ) {
    forEachPage(below: root, Mode.levels - 1, from: 0, visit)
  }

  private func forEachPage(
    below table: Frame, _ level: Int, from base: UInt64,
    _ visit: (UInt64, Translation) -> Void
  ) {
    let size = Mode.pageSize(level: level)
    for index in 0..<UInt64(512) {
      let entry = entry(index, of: table)
      var address = base + index * size
      // The upper half of the addresses lies at the very top.
      if address >= Mode.lowerHalfEnd { address |= 0 &- Mode.lowerHalfEnd }
      if let protection = entry.protection {
        visit(
          address,
          Translation(
            physical: entry.frame.address, protection: protection,
            pageSize: size))
      } else if entry.isValid, level > 0 {
        forEachPage(below: entry.frame, level - 1, from: address, visit)
      }
    }
  }
}
