// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A stretch of addresses.
public struct Region: Equatable, Sendable {
  /// The first address.
  public let start: UInt64

  /// How many bytes there are.
  public let size: UInt64

  /// The first address behind, which fits 64 bits too.
  public var end: UInt64 { start + size }

  /// A stretch of addresses, or nil if its end does not fit 64 bits.
  public init?(start: UInt64, size: UInt64) {
    guard !start.addingReportingOverflow(size).overflow else { return nil }
    self.start = start
    self.size = size
  }

  /// No address at all.
  static let empty = Region()

  private init() {
    start = 0
    size = 0
  }

  /// Whether all of `other` lies in here.
  public func contains(_ other: Region) -> Bool {
    other.start >= start && other.end <= end
  }
}

/// The regions of a node's `reg`, one after another (section 2.3.6).
///
/// The addresses are those of the bus that the node sits on. See
/// ``Node/region(_:)`` for what a hart can use.
public struct Regions: Sendable {
  private var cells: CellReader
  private let offset: Int
  private let bus: Bus

  /// The regions in `property`, if there is one, of a node at `offset` that
  /// inherits `level`.
  @inline(never)
  fileprivate init(
    _ property: Property?, _ offset: Int, _ bytes: ByteView, _ level: Level
  ) throws(DeviceTreeError) {
    cells = CellReader(property)
    self.offset = property?.offset ?? offset
    bus = try Bus(bytes, level)
  }

  /// The next region, or nil after the last. Its size is 0 on a bus that
  /// knows no sizes, such as the one of the harts.
  ///
  /// - Throws: `numberTooWide` if a number or the region's end does not fit
  ///   64 bits, `badValue` if the value ends in the middle of a region.
  @inline(never)
  public mutating func next() throws(DeviceTreeError) -> Region? {
    guard !cells.isAtEnd else { return nil }
    guard bus.addressCells + bus.sizeCells > 0 else {
      throw DeviceTreeError(.badValue, at: offset)
    }
    let start = try cells.number(cells: bus.addressCells)
    let size = try cells.number(cells: bus.sizeCells)
    guard let region = Region(start: start, size: size) else {
      throw DeviceTreeError(.numberTooWide, at: offset)
    }
    return region
  }
}

extension Node {
  /// All regions of this node, in addresses of the bus that it sits on.
  @inline(__always)
  public func busRegions() throws(DeviceTreeError) -> Regions {
    try Regions(self[.regions], offset, tree.bytes, above)
  }

  /// Where a hart finds the region at `index` of this node, or nil if there
  /// is none or no hart can reach it.
  ///
  /// The cost is linear in the ancestors and their properties.
  ///
  /// - Throws: What ``Regions/next()`` and ``translate(_:)`` throw.
  @inline(never)
  public func region(_ index: Int = 0) throws(DeviceTreeError) -> Region? {
    var regions = try busRegions()
    guard let region = try regions.region(index) else { return nil }
    return try translate(region)
  }
}

extension Regions {
  /// The region at `index` of those to come, or nil.
  fileprivate mutating func region(
    _ index: Int
  ) throws(DeviceTreeError) -> Region? {
    var position = 0
    while let region = try next() {
      if position == index { return region }
      position += 1
    }
    return nil
  }
}
