// SPDX-License-Identifier: BSD-3-Clause

/// A few regions, kept in place: no heap is needed. There is room for
/// `capacity` of them.
public struct RegionList<let capacity: Int>: Sendable {
  private var regions: [capacity of Region] = .init(repeating: .empty)

  /// How many regions there are.
  public private(set) var count = 0

  /// A list without any region.
  @inline(__always)
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
    guard count < capacity else { return false }
    regions[count] = region
    count += 1
    return true
  }

  /// Adds the addresses of `region`. Regions that overlap it or touch it become
  /// one with it, so that boards which list the same memory in pieces, or
  /// twice, need little room.
  ///
  /// - Returns: Whether there was room.
  @inline(never)
  public mutating func cover(_ region: Region) -> Bool {
    guard region.size > 0 else { return true }
    var region = region
    var index = 0
    while index < count {
      guard let union = region.union(regions[index]) else {
        index += 1
        continue
      }
      remove(at: index)
      // It may now touch one that was passed.
      (region, index) = (union, 0)
    }
    return append(region)
  }

  private mutating func remove(at index: Int) {
    count -= 1
    for place in index..<count { regions[place] = regions[place + 1] }
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

extension Region {
  /// The addresses of both, or nil if there is a gap between them.
  fileprivate func union(_ other: Region) -> Region? {
    guard start <= other.end, other.start <= end else { return nil }
    let first = min(start, other.start)
    return Region(start: first, size: max(end, other.end) - first)
  }
}
