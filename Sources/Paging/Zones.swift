// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Stretches of chunks that hold memory, numbered without gaps:
///
///     addresses  ──────├─ zone 0 ─┤─────────────├──── zone 1 ────┤──▶
///     chunks            0 1 2 … 62               63 64 65 …
///
/// A gap of up to 64 chunks is no reason for a new zone; their records, 5 kB,
/// are never touched. Nothing is stored: the ranges tell, of which there are a
/// handful.
struct Zones<Memory: WordMemory> {
  /// Neighbouring chunks, and the number of the first.
  private struct Zone {
    var start: UInt64
    var count: UInt64
    var firstIndex: UInt64
  }

  private let ranges: AddressRanges<Memory>

  init(of ranges: AddressRanges<Memory>) { self.ranges = ranges }

  /// The first zone from the range at `position` on, or nil. Moves behind it.
  private func nextZone(_ position: inout Int, after zone: Zone?) -> Zone? {
    guard position < ranges.count else { return nil }
    var next = Zone(
      start: ranges[position].lowerBound / Chunk.size, count: 0,
      firstIndex: zone.map { $0.firstIndex + $0.count } ?? 0)
    while position < ranges.count {
      let range = ranges[position]
      guard range.lowerBound / Chunk.size <= next.start + next.count + 64 else {
        break
      }
      next.count = (range.upperBound - 1) / Chunk.size + 1 - next.start
      position += 1
    }
    return next
  }

  /// How many chunks all zones have.
  var chunkCount: Int {
    var position = 0
    var zone: Zone?
    while let next = nextZone(&position, after: zone) { zone = next }
    return zone.map { Int($0.firstIndex + $0.count) } ?? 0
  }

  /// The addresses of a chunk, from 0 up to ``chunkCount``.
  func addresses(of chunk: ChunkIndex) -> Range<UInt64> {
    var position = 0
    var zone: Zone?
    while let next = nextZone(&position, after: zone) {
      let distance = UInt64(chunk) - next.firstIndex
      if distance < next.count {
        let start = (next.start + distance) * Chunk.size
        return start..<start + Chunk.size
      }
      zone = next
    }
    return 0..<0
  }

  /// The chunk that holds `address`, or nil outside of all zones.
  func chunk(holding address: UInt64) -> ChunkIndex? {
    let number = address / Chunk.size
    var position = 0
    var zone: Zone?
    while let next = nextZone(&position, after: zone) {
      if number >= next.start, number - next.start < next.count {
        return ChunkIndex(next.firstIndex + number - next.start)
      }
      zone = next
    }
    return nil
  }
}
