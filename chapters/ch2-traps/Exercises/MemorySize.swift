// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 2.2: how much memory there is. See `make hint EX=2.2`.

import DeviceTree
import Hart
import Todo

/// Why a size cannot be told.
public enum RegionError: Error, Equatable {
  /// Numbers of any other width than one or two cells.
  case unknownWidth
  /// The bytes end in the middle of a region.
  case endsTooEarly
  /// The sum does not fit 64 bits.
  case tooLarge
  /// The device tree itself cannot be read.
  case damagedTree
}

/// The sum of the sizes in the property `reg` of a device.
///
/// The value lists regions, one after another without gaps. Each is an address
/// and then a size; both are big-endian numbers of one or two cells, and a
/// cell is four bytes. With one cell for each:
///
///     80000000 00001000  90000000 00000020     the sum is 0x1020
///     address  size      address  size
///
/// The bytes come from outside. None of them may make this function trap or
/// read behind the end.
///
/// - Parameters:
///   - reg: The value of the property, possibly empty.
///   - addressCells: How many cells an address takes.
///   - sizeCells: How many cells a size takes.
/// - Returns: The sum, 0 for no region.
/// - Throws: `unknownWidth` for cells other than 1 or 2, `endsTooEarly` if the
///   last region is not complete, `tooLarge` for a sum beyond 64 bits.
public func totalSize(
  ofRegions reg: ByteView, addressCells: Int, sizeCells: Int
) throws(RegionError) -> UInt64 {
  // TODO: check the cells, then add up region by region. Remove `todo`.
  todo("2.2")
}

/// How much memory the machine has: the sum over the children of the root whose
/// `device_type` is `memory` and whose status is okay. The root's properties
/// `#address-cells` and `#size-cells` tell the widths.
///
/// - Parameter tree: What the firmware tells about the machine.
/// - Returns: The sum in bytes.
/// - Throws: What ``totalSize(ofRegions:addressCells:sizeCells:)`` throws, and
///   `damagedTree` if the tree cannot be read or does not tell the widths.
public func memorySize(of tree: DeviceTree) throws(RegionError) -> UInt64 {
  // TODO: walk the root's children. Remove `todo`.
  todo("2.2")
}
