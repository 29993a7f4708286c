// SPDX-License-Identifier: BSD-3-Clause

/// A few regions, kept in place: no heap is needed.
public struct RegionList: Sendable {
  /// How many regions there is room for.
  public static var capacity: Int { 12 }

  private var regions: [12 of Region] = .init(repeating: .empty)

  /// How many regions there are.
  public private(set) var count = 0

  /// A list without any region.
  public init() {}

  /// The region at `index`, which must be from 0 up to `count`.
  public subscript(index: Int) -> Region {
    precondition(index >= 0 && index < count)
    return regions[index]
  }

  /// Adds `region` at the end.
  ///
  /// - Returns: Whether there was room.
  public mutating func append(_ region: Region) -> Bool {
    guard count < Self.capacity else { return false }
    regions[count] = region
    count += 1
    return true
  }

  /// Whether one of the regions holds `address`. Linear, but in a few.
  public func holds(_ address: UInt64) -> Bool {
    for index in 0..<count {
      let region = regions[index]
      if address >= region.start, address < region.end { return true }
    }
    return false
  }
}
