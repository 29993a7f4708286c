// SPDX-License-Identifier: BSD-3-Clause

/// A form of address translation: how many levels of tables there are.
///
///     Sv39   │ 9 bits  │ 9 bits  │ 9 bits  │ 12 bits │
///            │ index 2 │ index 1 │ index 0 │ offset  │
///              in the    in the    in the    in the
///              root      table     table     page
///
/// Each index picks one of the 512 entries of a table. An entry at level 0 maps
/// 4 KiB, at level 1 2 MiB, at level 2 1 GiB.
public protocol PagingMode {
  /// How many tables there are on the way to a page of 4 KiB.
  static var levels: Int { get }
  /// The mode's number in `satp`.
  static var number: UInt64 { get }
}

/// Three levels, 39 bits of address. Privileged specification, section "Sv39:
/// Page-Based 39-bit Virtual-Memory System".
public enum Sv39: PagingMode {
  public static var levels: Int { 3 }
  public static var number: UInt64 { 8 }
}

/// Four levels, 48 bits of address. Privileged specification, section "Sv48:
/// Page-Based 48-bit Virtual-Memory System".
public enum Sv48: PagingMode {
  public static var levels: Int { 4 }
  public static var number: UInt64 { 9 }
}

extension PagingMode {
  /// How many bytes an entry covers, at a level from 0 up to ``levels``.
  @inline(__always)
  public static func pageSize(level: Int) -> UInt64 {
    1 &<< UInt64(truncatingIfNeeded: 12 &+ 9 &* level)
  }

  /// Which entry of a table at `level` is for `address`.
  @inline(__always)
  public static func index(of address: UInt64, level: Int) -> UInt64 {
    address &>> UInt64(truncatingIfNeeded: 12 &+ 9 &* level) & 511
  }

  /// The first address above the lower half of all addresses.
  public static var lowerHalfEnd: UInt64 { 1 << UInt64(11 + 9 * levels) }

  /// Whether the bits that are not translated repeat the highest one that is:
  /// others trap.
  public static func isCanonical(_ address: UInt64) -> Bool {
    address < lowerHalfEnd || address >= 0 &- lowerHalfEnd
  }
}
