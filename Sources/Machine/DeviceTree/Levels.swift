// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What the nodes below a node inherit from it. Each property is told by the
/// offset of its value in the tree; 0 stands for none.
struct Level: Sendable {
  /// Where the node starts.
  var start: UInt32 = 0
  var addressCells: UInt32 = 0
  var sizeCells: UInt32 = 0
  var ranges: UInt32 = 0
  /// The `interrupt-parent` of the node, or of the nearest above it.
  var interruptParent: UInt32 = 0
  /// Without that, how many nodes are on the way to the nearest controller.
  var controllerDepth: UInt16 = 0
  /// Whether addresses of the node's bus are others than those that harts use.
  var translates = false
  var isController = false
}

extension Node {
  /// Draws from the properties what this node inherits, and its children.
  @inline(__always)
  mutating func level() -> Level {
    var level = Level(
      start: UInt32(truncatingIfNeeded: offset),
      addressCells: known[.addressCells], sizeCells: known[.sizeCells],
      ranges: known[.ranges], interruptParent: known[.interruptParent],
      isController: known[.interruptCells] != 0)
    if depth > 1 {
      level.translates =
        above.translates || !tree.bytes.isEmptyProperty(at: level.ranges)
      if level.interruptParent == 0 { inheritController(&level) }
    }
    namedController = level.interruptParent
    controllerDepth = level.controllerDepth
    return level
  }

  @inline(__always)
  private func inheritController(_ level: inout Level) {
    if above.isController {
      level.controllerDepth = UInt16(truncatingIfNeeded: depth &- 1)
    } else {
      level.interruptParent = above.interruptParent
      level.controllerDepth = above.controllerDepth
    }
  }

  /// Where a hart finds a region of the bus that this node sits on, or nil
  /// if no hart can reach it.
  ///
  /// Each bus on the way to the root has its own addresses. Its `ranges`
  /// (section 2.3.8) says which of them it shows to the bus above, and where:
  ///
  ///     uart@100          0x100      this node's reg
  ///       soc     +0x1000_0000       ranges = <0x0 0x1000_0000 0x1000>
  ///         root  = 0x1000_0100      what a hart uses
  ///
  /// An empty `ranges` changes nothing; without it the bus is closed. A
  /// region must lie within one range.
  ///
  /// - Throws: `numberTooWide` for a number that does not fit 64 bits. The
  ///   flags that PCI keeps in an address's first cell are not understood,
  ///   and end the same way.
  @inline(__always)
  public func translate(_ region: Region) throws(DeviceTreeError) -> Region? {
    above.translates ? try translateThroughRanges(region) : region
  }

  @inline(never)
  private func translateThroughRanges(
    _ region: Region
  ) throws(DeviceTreeError) -> Region? {
    guard var bus = walk(to: depth - 1) else { return nil }
    return try bus.translate(region)
  }
}

extension DeviceTree {
  /// Translates a region of a bus to the bus above, or nil if the bus does not
  /// show it there.
  @inline(never)
  func move(
    _ region: Region, from inner: Level, to outer: Level
  ) throws(DeviceTreeError) -> Region? {
    guard let ranges = bytes.property(at: inner.ranges) else { return nil }
    guard ranges.value.count > 0 else { return region }
    let (bus, above) = (try Bus(bytes, inner), try Bus(bytes, outer))
    guard bus.addressCells + above.addressCells + bus.sizeCells > 0 else {
      throw DeviceTreeError(.badValue, at: ranges.offset)
    }
    var cells = CellReader(ranges)
    while !cells.isAtEnd {
      let from = try cells.number(cells: bus.addressCells)
      let to = try cells.number(cells: above.addressCells)
      let size = try cells.number(cells: bus.sizeCells)
      guard let window = Region(start: from, size: size),
        Region(start: to, size: size) != nil
      else { throw DeviceTreeError(.numberTooWide, at: ranges.offset) }
      if window.contains(region) {
        return Region(start: to + (region.start - from), size: region.size)
      }
    }
    return nil
  }
}

/// How many cells the numbers in a `reg` take (section 2.3.5).
struct Bus {
  let addressCells: Int
  let sizeCells: Int

  /// What a node says about its children's.
  @inline(never)
  init(_ bytes: ByteView, _ level: Level) throws(DeviceTreeError) {
    addressCells = try bytes.cellCount(level.addressCells, or: 2)
    sizeCells = try bytes.cellCount(level.sizeCells, or: 1)
  }
}

// Of the bytes of a tree, and not of the tree: they fit two registers.
extension ByteView {
  /// The property whose value starts at `offset`, where a walk has found it;
  /// nil for 0. Its name is not looked up.
  @inline(never)
  func property(at offset: UInt32) -> Property? {
    guard let length = bigEndian32(at: Int(offset) - 8),
      let value = part(from: Int(offset), count: Int(length))
    else { return nil }
    return Property(value: value, offset: Int(offset), names: ByteView(""))
  }

  /// Whether there is a property whose value starts at `offset`, and is empty.
  @inline(__always)
  fileprivate func isEmptyProperty(at offset: UInt32) -> Bool {
    bigEndian32(at: Int(offset) &- 8) == 0
  }

  /// A number of cells, of which four are the most in use (PCI has three).
  func cellCount(
    _ offset: UInt32, or missing: Int
  ) throws(DeviceTreeError) -> Int {
    guard let property = property(at: offset) else { return missing }
    let count = try property.number32()
    guard count <= 4 else {
      throw DeviceTreeError(.badValue, at: property.offset)
    }
    return Int(count)
  }
}
