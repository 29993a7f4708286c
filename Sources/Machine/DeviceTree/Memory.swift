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
  public func forEachMemoryRegion(
    _ body: (Region) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    var nodes = try root().children()
    while let node = try nodes.next() {
      guard try node.property(named: "device_type")?.contains("memory") == true,
        try node.status() == .okay
      else { continue }
      var regions = try node.busRegions()
      // The root's bus is the harts' own: there is nothing to translate.
      while let region = try regions.next() { try body(region) }
    }
  }

  /// Calls `body` with every region that is taken, in one pass: first the
  /// reservation block (section 5.3), then `/reserved-memory` (section 3.5).
  ///
  /// A child of `/reserved-memory` that only asks for a size has no address
  /// yet and is left out. Regions may overlap.
  public func forEachReservedRegion(
    _ body: (ReservedRegion) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    try forEachBlockReservation(body)
    var nodes = nodes()
    while let node = try nodes.next() {
      guard try node.isReservation() else { continue }
      let noMap = try node.property(named: "no-map") != nil
      var regions = try node.busRegions()
      while let region = try regions.next() {
        guard let region = try node.reserve(region) else { continue }
        try body(ReservedRegion(region: region, noMap: noMap))
      }
    }
  }

  private func forEachBlockReservation(
    _ body: (ReservedRegion) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    var offset = reservations
    while let region = try blockReservation(at: offset) {
      try body(ReservedRegion(region: region, noMap: false))
      offset += 16
    }
  }

  /// The entry of the reservation block at `offset`, or nil for the one that
  /// ends it.
  func blockReservation(
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
  /// Whether this is a usable child of `/reserved-memory`.
  @inline(never)
  fileprivate func isReservation() throws(DeviceTreeError) -> Bool {
    guard let section = parent, section.name.isNamed("reserved-memory"),
      section.ancestors.count == 1
    else { return false }
    return try status() == .okay
  }

  /// Where a hart finds a region of this child of `/reserved-memory`. There, a
  /// missing `ranges` closes nothing: to forget what is reserved would be
  /// worse than to believe an address.
  @inline(never)
  fileprivate func reserve(_ region: Region) throws(DeviceTreeError) -> Region?
  {
    let ranges = try parent?.property(named: "ranges")
    return ranges == nil ? region : try translate(region)
  }
}
