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

    // What lies below wraps round, and is too large.

    func holds(index: UInt64) -> Bool { index &- firstIndex < count }

    func holds(number: UInt64) -> Bool { number &- start < count }

    /// Whether a range begins near enough behind the end.
    func meets(_ range: Range<UInt64>) -> Bool {
      range.lowerBound / Chunk.size <= start + count + 64
    }
  }

  private let ranges: AddressRanges<Memory>

  init(of ranges: AddressRanges<Memory>) { self.ranges = ranges }

  /// The zone that holds the chunk with this index or, counted from address
  /// 0, this number; the last zone if none does.
  @inline(never)
  private func zone(index: UInt64, number: UInt64) -> Zone {
    var zone = Zone(start: 0, count: 0, firstIndex: 0)
    var position = 0
    while position < ranges.count {
      zone.firstIndex += zone.count
      zone.start = ranges[position].lowerBound / Chunk.size
      repeat {
        let end = (ranges[position].upperBound - 1) / Chunk.size + 1
        zone.count = end - zone.start
        position += 1
      } while position < ranges.count && zone.meets(ranges[position])
      if zone.holds(index: index) || zone.holds(number: number) { break }
    }
    return zone
  }

  /// How many chunks all zones have.
  var chunkCount: Int {
    let last = zone(index: .max, number: .max)
    return Int(last.firstIndex + last.count)
  }

  /// The addresses of a chunk, from 0 up to ``chunkCount``.
  @inline(never)
  func addresses(of chunk: ChunkIndex) -> Range<UInt64> {
    let index = UInt64(chunk)
    let zone = zone(index: index, number: .max)
    guard zone.holds(index: index) else { return 0..<0 }
    let start = (zone.start + index - zone.firstIndex) * Chunk.size
    return start..<start + Chunk.size
  }

  /// The chunk that holds `address`, or nil outside of all zones.
  @inline(never)
  func chunk(holding address: UInt64) -> ChunkIndex? {
    let number = address / Chunk.size
    let zone = zone(index: .max, number: number)
    guard zone.holds(number: number) else { return nil }
    return ChunkIndex(zone.firstIndex + number - zone.start)
  }
}
