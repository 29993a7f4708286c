// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// One row of the table: addresses of which the same can be said.
struct AddressSpaceRow: Equatable {
  enum Kind: Equatable {
    case memory
    case device
    /// Not mapped, so that a stray access is caught.
    case gap
  }

  var range: AddressRange
  var kind: Kind
  var name: String
  /// What all of its pages allow.
  var flags: PageFlags = []
  /// What at least one of them has seen.
  var someFlags: PageFlags = []
  var memoryType = MemoryType.normal
  var pageSizes: Set<UInt64> = []
  /// Where its first byte lies; nil for a gap.
  var physical: UInt64?

  /// A gap.
  init(gap range: AddressRange, _ name: String) {
    self.range = range
    self.name = name
    kind = .gap
  }

  /// - Parameters:
  ///   - mapping: Pages side by side.
  ///   - place: What lies there; nil for nothing.
  init(_ mapping: Mapping, _ place: MemoryArea?) {
    range = mapping.range
    kind = place?.kind == .memory ? .memory : .device
    name = place?.name ?? "nothing: no device answers"
    flags = mapping.flags
    someFlags = mapping.flags
    memoryType = mapping.memoryType
    pageSizes = [mapping.pageSize]
    physical = mapping.physical
  }

  /// Whether it must be shouted about.
  var isDangerous: Bool { flags.isWritableAndExecutable }

  /// Whether the program finds there what lies at the same address.
  var isIdentity: Bool { physical == range.first }

  /// Takes up the next row if it only goes on with this one.
  mutating func absorb(_ next: AddressSpaceRow) -> Bool {
    guard let physical, let nextPhysical = next.physical,
      range.last &+ 1 == next.range.first, kind == next.kind,
      physical &+ range.size == nextPhysical, name == next.name,
      memoryType == next.memoryType,
      flags.subtracting(.history) == next.flags.subtracting(.history)
    else { return false }
    range = AddressRange(first: range.first, last: next.range.last)
    flags.formIntersection(next.flags)
    someFlags.formUnion(next.someFlags)
    pageSizes.formUnion(next.pageSizes)
    return true
  }
}

extension AddressSpaceRow {
  /// `4 KiB, 2 MiB`.
  var pageSizeText: String {
    pageSizes.sorted().map(ByteCount.text).joined(separator: ", ")
  }

  /// `-gad`: a letter for what holds for all pages, `+` for some of them.
  var historyText: String {
    let letters: [(PageFlags, String)] = [
      (.user, "u"), (.global, "g"), (.accessed, "a"), (.dirty, "d"),
    ]
    return letters.map { flag, letter in
      if flags.contains(flag) { return letter }
      return someFlags.contains(flag) ? "+" : "-"
    }.joined()
  }
}
