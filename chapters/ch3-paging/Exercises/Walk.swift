// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 3.2: the hart's way to an address. See `make hint EX=3.2`.

import Hart
import Todo

/// What the hart wants to do at an address.
public enum Access: Equatable, Sendable {
  case load
  case store
  case execute
}

/// Where a walk through the tables ends.
public enum WalkResult: Equatable, Sendable {
  /// At a page that allows the access: the physical address.
  case physical(UInt64)
  /// Before it begins: bits 39 to 63 of the address do not repeat bit 38.
  case notCanonical
  /// At an entry whose bit V is 0.
  case nothing
  /// At an entry that may be written but not read, whose bits 54 to 63 are not
  /// all 0, or that leads to a table although its bit U, A or D is set.
  case reserved
  /// At level 0, with an entry that leads to one more table.
  case tooDeep
  /// At a page whose bits do not allow the access.
  case notAllowed
  /// At a large page whose frame's number is no multiple of its size.
  case misaligned
  /// At a page whose bit A is 0, or D where the access is a store.
  case notMarked
}

/// Follows the hart's way from the root table of Sv39 to a page.
///
///     address   bits 38–30 │ 29–21 │ 20–12 │ 11–0
///               index at     at      at      place in the
///               level 2      level 1 level 0 page
///
/// An entry has eight bytes. An entry with none of R, W, X leads to the table
/// of the next lower level, in the frame whose number it holds; any other is a
/// page: of 4 KiB at level 0, of 2 MiB at level 1, of 1 GiB at level 2. The
/// bits are those of exercise 3.1. A load needs R, a store W, an execution X.
///
/// Where several results of `WalkResult` fit one entry, the one that stands
/// first there counts. (Privileged specification, section "Virtual Address
/// Translation Process"; the real hart calls all of them a page fault.)
///
/// - Parameters:
///   - address: The virtual address.
///   - access: What the hart wants to do there.
///   - root: The physical address of the root table.
///   - memory: Where the tables are. Nothing else may be read.
/// - Returns: Where the walk ends.
public func translate<Memory: WordMemory>(
  _ address: UInt64, for access: Access, root: UInt64, in memory: Memory
) -> WalkResult {
  // TODO: three levels, from the root down. Remove `todo`.
  todo("3.2")
}
