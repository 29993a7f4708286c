// SPDX-License-Identifier: BSD-3-Clause

import Hart

extension Node {
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
  /// An empty `ranges` changes nothing; without one the bus is closed. A
  /// region must lie within one range.
  ///
  /// - Throws: `numberTooWide` for a number that does not fit 64 bits. The
  ///   flags that PCI keeps in an address's first cell are not understood,
  ///   and end the same way.
  @inline(never)
  public func translate(_ region: Region) throws(DeviceTreeError) -> Region? {
    var region = region
    var bus = parent
    while let current = bus, let above = current.parent {
      guard let ranges = try current.property(named: "ranges") else {
        return nil
      }
      if ranges.value.count > 0 {
        guard let moved = try current.move(region, through: ranges, to: above)
        else { return nil }
        region = moved
      }
      bus = above
    }
    return region
  }

  /// Looks up one bus's ranges: child address, parent address, size.
  private func move(
    _ region: Region, through ranges: Property, to above: Node
  ) throws(DeviceTreeError) -> Region? {
    try region.moved(
      through: ranges, inner: try addressCells(),
      outer: try above.addressCells(), sizes: try sizeCells())
  }
}

extension Region {
  /// Translates a region of a bus to the bus above.
  ///
  /// - Parameters:
  ///   - ranges: The bus's.
  ///   - inner: How many cells an address of the bus takes.
  ///   - outer: How many cells an address of the bus above takes.
  ///   - sizes: How many cells a size takes.
  /// - Returns: Where the region is, or nil if `ranges` does not show it.
  /// - Throws: `badValue` or `numberTooWide`.
  @inline(never)
  func moved(
    through ranges: Property, inner: Int, outer: Int, sizes: Int
  ) throws(DeviceTreeError) -> Region? {
    guard inner + outer + sizes > 0 else {
      throw DeviceTreeError(.badValue, at: ranges.offset)
    }
    let region = self
    var cells = CellReader(ranges)
    while !cells.isAtEnd {
      let from = try cells.number(cells: inner)
      let to = try cells.number(cells: outer)
      let size = try cells.number(cells: sizes)
      guard let window = Region(start: from, size: size),
        let target = Region(start: to, size: size)
      else { throw DeviceTreeError(.numberTooWide, at: ranges.offset) }
      if window.contains(region) {
        let distance = region.start - window.start
        return Region(start: target.start + distance, size: region.size)
      }
    }
    return nil
  }
}
