// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Memory that is not free, though it lies in a region of memory.
public struct ReservedRegion: Equatable, Sendable {
  /// The addresses that are taken.
  public let region: Region

  /// Whether the memory must not even be mapped (section 3.5.2).
  public let noMap: Bool
}

extension DeviceTree {
  /// Calls `body` with every region of memory (section 3.4), in the tree's
  /// order, in one pass.
  @inline(never)
  public func forEachMemoryRegion(
    _ body: (Region) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    var nodes = try root().children()
    while try nodes.advance() { try nodes.node.forEachMemoryRegion(body) }
  }

  /// Calls `body` with every region that is taken, in one pass: first the
  /// reservation block (section 5.3), then `/reserved-memory` (section 3.5).
  ///
  /// A child of `/reserved-memory` that only asks for a size has no address
  /// yet and is left out. Regions may overlap.
  @inline(never)
  public func forEachReservedRegion(
    _ body: (ReservedRegion) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    try forEachBlockReservation { region throws(DeviceTreeError) in
      try body(ReservedRegion(region: region, noMap: false))
    }
    var sections = try root().children()
    while try sections.advance() {
      guard sections.node.name.isNamed("reserved-memory") else { continue }
      var nodes = sections.node.children()
      while try nodes.advance() {
        let noMap = try nodes.node.property(named: "no-map") != nil
        guard var regions = try nodes.node.reservedRegions() else { continue }
        while let region = try regions.next() {
          guard let place = try nodes.node.reserve(region) else { continue }
          try body(ReservedRegion(region: place, noMap: noMap))
        }
      }
    }
  }

  /// Calls `body` with every region in the reservation block.
  @inline(__always)
  func forEachBlockReservation(
    _ body: (Region) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    var offset = reservations
    while let region = try blockReservation(at: offset) {
      try body(region)
      offset += 16
    }
  }

  /// The entry of the reservation block at `offset`, or nil for the one that
  /// ends it.
  private func blockReservation(
    at offset: Int
  ) throws(DeviceTreeError) -> Region? {
    guard let start = bytes.bigEndian64(at: offset),
      let size = bytes.bigEndian64(at: offset + 8)
    else { throw DeviceTreeError(.endsTooEarly, at: offset) }
    if start == 0 && size == 0 { return nil }
    guard let region = Region(start: start, size: size) else {
      throw DeviceTreeError(.numberTooWide, at: offset)
    }
    return region
  }
}

extension Node {
  /// Calls `body` with every region of this child of the root if it is memory.
  @inline(__always)
  func forEachMemoryRegion(
    _ body: (Region) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    guard try self[.deviceType]?.contains("memory") == true,
      try status() == .okay
    else { return }
    var regions = try busRegions()
    // The root's bus is the harts' own: there is nothing to translate.
    while let region = try regions.next() { try body(region) }
  }

  /// The regions of this child of `/reserved-memory`, or nil if it is not in
  /// use.
  @inline(never)
  func reservedRegions() throws(DeviceTreeError) -> Regions? {
    try status() == .okay ? try busRegions() : nil
  }

  /// Where a hart finds a region of this child of `/reserved-memory`. There, a
  /// missing `ranges` closes nothing: to forget what is reserved would be
  /// worse than to believe an address.
  @inline(__always)
  func reserve(_ region: Region) throws(DeviceTreeError) -> Region? {
    above.ranges == 0 ? region : try translate(region)
  }
}
