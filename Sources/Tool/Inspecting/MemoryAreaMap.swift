// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// What lies at each physical address, from several sources, page by page.
struct MemoryAreaMap {
  /// Those that come first hide those that come later.
  private let places: [MemoryArea]
  /// Where one place may end and another begin.
  private let edges: [UInt64]

  /// - Parameter places: The most telling first, such as the parts of the
  ///   image before the memory that they lie in.
  init(_ places: [MemoryArea]) {
    self.places = places.map { place in
      var place = place
      place.range = place.range.pages
      return place
    }
    let ends = self.places.flatMap { place in
      [place.range.first, place.range.last &+ 1]
    }
    edges = Set(ends).sorted()
  }

  /// Nil where nothing answers.
  func place(at address: UInt64) -> MemoryArea? {
    places.first { $0.range.contains(address) }
  }

  /// Cuts a mapping so that one place lies in each part.
  func parts(of mapping: Mapping) -> [Mapping] {
    let (low, size) = (mapping.physical, mapping.range.size)
    let inside = edges.filter { $0 > low && $0 - low < size }
    let starts = [low] + inside
    let ends = inside + [low &+ size]
    return zip(starts, ends).map { start, end in
      var part = mapping
      part.physical = start
      part.range = AddressRange(
        first: mapping.range.first + (start - low), size: end &- start)
      return part
    }
  }
}

extension MemoryAreaMap {
  /// More runs of page tables than this would only cut memory into pieces.
  private static let mostRuns = 4

  /// Where page tables lie side by side.
  static func places(ofTables tables: Set<UInt64>) -> [MemoryArea] {
    var runs: [AddressRange] = []
    for table in tables.sorted() {
      if let run = runs.last, run.last &+ 1 == table {
        runs[runs.count - 1] = AddressRange(
          first: run.first, last: table | 0xFFF)
      } else {
        runs.append(AddressRange(first: table, size: 4096))
      }
    }
    guard runs.count <= mostRuns else { return [] }
    return runs.map { MemoryArea(range: $0, name: "page tables") }
  }
}
