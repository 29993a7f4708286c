// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// A program's whole address space, row by row.
struct AddressSpace {
  /// Gaps up to this size are rows: they are there on purpose.
  static let widestGap: UInt64 = 512 << 10

  /// By address, lowest first.
  let rows: [AddressSpaceRow]

  /// - Parameters:
  ///   - mappings: By address, lowest first.
  ///   - places: What lies where.
  init(_ mappings: [Mapping], in places: MemoryAreaMap) {
    var mapped: [AddressSpaceRow] = []
    for part in mappings.flatMap(places.parts) {
      let row = AddressSpaceRow(part, places.place(at: part.physical))
      if mapped.isEmpty || !mapped[mapped.count - 1].absorb(row) {
        mapped.append(row)
      }
    }
    rows = Self.withGaps(mapped)
  }

  /// Whether nothing can be both written and executed.
  var isSound: Bool { !rows.contains(where: \.isDangerous) }

  /// The row that holds an address; nil in a gap too wide to be one.
  func row(at address: UInt64) -> AddressSpaceRow? {
    rows.first { $0.range.contains(address) }
  }

  private static func withGaps(
    _ mapped: [AddressSpaceRow]
  ) -> [AddressSpaceRow] {
    var rows: [AddressSpaceRow] = []
    if let first = mapped.first, first.range.first > 0 {
      rows.append(nullPointers(below: first))
    }
    for (index, row) in mapped.enumerated() {
      if index > 0, let gap = gap(between: mapped[index - 1], row) {
        rows.append(gap)
      }
      rows.append(row)
    }
    return rows
  }

  /// At least the page where null pointers lead.
  private static func nullPointers(
    below row: AddressSpaceRow
  ) -> AddressSpaceRow {
    let size = row.range.first <= widestGap ? row.range.first : 4096
    return AddressSpaceRow(
      gap: AddressRange(first: 0, size: size), "null pointers")
  }

  private static func gap(
    between low: AddressSpaceRow, _ high: AddressSpaceRow
  ) -> AddressSpaceRow? {
    let start = low.range.last &+ 1
    guard start < high.range.first, high.range.first - start <= widestGap
    else { return nil }
    let range = AddressRange(first: start, last: high.range.first - 1)
    guard low.kind == .memory, high.kind == .memory else {
      return AddressSpaceRow(gap: range, "nothing")
    }
    let isStack = high.name.hasSuffix("stack")
    return AddressSpaceRow(
      gap: range, "guard area" + (isStack ? " below the \(high.name)" : ""))
  }
}
