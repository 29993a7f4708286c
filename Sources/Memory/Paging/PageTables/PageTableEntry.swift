// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// One of the 512 entries of a page table: nothing, the way to the next table,
/// or a page.
///
///     63   61 60     54 53                          10 9 8 7 6 5 4 3 2 1 0
///     ┌─┬────┬─────────┬─────────────────────────────┬───┬─┬─┬─┬─┬─┬─┬─┬─┐
///     │N│PBMT│ reserved│ the number of a frame (PPN) │RSW│D│A│G│U│X│W│R│V│
///     └─┴────┴─────────┴─────────────────────────────┴───┴─┴─┴─┴─┴─┴─┴─┴─┘
///
/// Privileged specification, section "Sv39: Page-Based 39-bit Virtual-Memory
/// System", figure "Sv39 page table entry"; the bits PBMT belong to the
/// extension Svpbmt.
public struct PageTableEntry: RegisterBits {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The other bits mean something. The manual calls it V.
  public static let valid = PageTableEntry(rawValue: 1 << 0)
  /// The page may be read. The manual calls it R.
  public static let readable = PageTableEntry(rawValue: 1 << 1)
  /// The page may be written. The manual calls it W.
  public static let writable = PageTableEntry(rawValue: 1 << 2)
  /// The page may be executed. The manual calls it X.
  public static let executable = PageTableEntry(rawValue: 1 << 3)
  /// The page has been used. The manual calls it A.
  public static let accessed = PageTableEntry(rawValue: 1 << 6)
  /// The page has been written. The manual calls it D.
  public static let dirty = PageTableEntry(rawValue: 1 << 7)
  /// The page is no memory but a device's, in order and not cached. The manual
  /// calls it PBMT = IO.
  public static let device = PageTableEntry(rawValue: 2 << 61)

  /// The way to the next table, which lies in `table`.
  public init(table: Frame) {
    self = PageTableEntry(rawValue: table.number << 10) | .valid
  }

  /// A page that starts at the physical address of `frame`.
  ///
  /// The bits A (accessed) and D (dirty) are set from the start: this kernel
  /// never reads them, and a hart may raise a page fault to have them set.
  ///
  /// - Parameters:
  ///   - frame: Its address must be a multiple of the page's size.
  ///   - protection: What may be done with the page.
  ///   - isDevice: Whether to mark it as a device's; only for harts with the
  ///     extension Svpbmt, to which the bit is reserved otherwise.
  public init(page frame: Frame, _ protection: Protection, isDevice: Bool) {
    var entry = PageTableEntry(rawValue: frame.number << 10)
    entry = entry | .valid | .readable | .accessed
    switch protection {
    case .readOnly: break
    case .readWrite: entry = entry | .writable | .dirty
    case .readExecute: entry = entry | .executable
    }
    self = isDevice ? entry | .device : entry
  }

  /// Whether it means anything.
  public var isValid: Bool { rawValue & Self.valid.rawValue != 0 }

  /// Whether it is a page and not the way to a table: one of R, W, X is set.
  public var isPage: Bool { isValid && rawValue & 0b1110 != 0 }

  /// The frame of the next table, or the first frame of the page.
  public var frame: Frame { Frame(number: rawValue >> 10 & (1 << 44 - 1)) }

  /// What may be done with the page, or nil if this is none.
  public var protection: Protection? {
    guard isPage else { return nil }
    if contains(.writable) { return .readWrite }
    return contains(.executable) ? .readExecute : .readOnly
  }

  /// This leaf entry with another protection.
  func with(_ protection: Protection) -> PageTableEntry {
    PageTableEntry(
      page: frame, protection, isDevice: contains(.device))
  }

  /// The page that covers a part of this one.
  func part(at distance: UInt64) -> PageTableEntry {
    PageTableEntry(rawValue: rawValue &+ (distance / Frame.size) << 10)
  }
}
