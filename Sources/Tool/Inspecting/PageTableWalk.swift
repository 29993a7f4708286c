// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Memory as the bus sees it.
protocol PhysicalMemory {
  /// So many little-endian numbers of eight bytes.
  func words(at address: UInt64, count: Int) throws -> [UInt64]
}

/// Pages side by side that one table entry maps, or one part of such.
struct Mapping: Equatable {
  var range: AddressRange
  var physical: UInt64
  var pageSize: UInt64
  var flags: PageFlags
  var memoryType = MemoryType.normal
}

/// Reads all page tables below a root, as the hart would.
///
///     satp ─▶ table ─▶ table ─▶ table ─▶ page of 4 KiB
///               │        └─▶ page of 2 MiB
///               └─▶ page of 1 GiB
struct PageTableWalk {
  /// More are not read: 8 MiB of tables.
  static let mostTables = 2048

  /// By address, lowest first.
  private(set) var mappings: [Mapping] = []
  /// Where the tables themselves lie.
  private(set) var tables: Set<UInt64> = []
  /// What the hart would refuse, in words.
  private(set) var problems: [String] = []

  private let memory: any PhysicalMemory
  private let mode: PagingMode
  private let isMemory: (UInt64) -> Bool
  private var visits = 0

  /// - Parameters:
  ///   - mode: Where the first table is, and how many lead to a page.
  ///   - memory: Holds the tables.
  ///   - isMemory: Whether there is memory at an address: to read a device's
  ///     registers would change it.
  /// - Throws: What stands in the way of reading memory.
  init(
    _ mode: PagingMode, in memory: any PhysicalMemory,
    isMemory: @escaping (UInt64) -> Bool
  ) throws {
    self.memory = memory
    self.mode = mode
    self.isMemory = isMemory
    try visit(table: mode.root, level: mode.levels - 1, base: 0, above: [])
    // Entries of the upper half map the highest addresses.
    mappings.sort { $0.range.first < $1.range.first }
  }

  private mutating func visit(
    table: UInt64, level: Int, base: UInt64, above: [UInt64]
  ) throws {
    guard isReadable(table, base: base, above: above) else { return }
    visits += 1
    tables.insert(table)
    let words = try memory.words(at: table, count: 512)
    for (index, word) in words.enumerated() {
      let offset = UInt64(index) << (12 + 9 * UInt64(level))
      try follow(
        PageTableEntry(rawValue: word), level: level, base: base | offset,
        path: above + [table])
    }
  }

  private mutating func follow(
    _ entry: PageTableEntry, level: Int, base: UInt64, path: [UInt64]
  ) throws {
    switch entry.meaning(level: level) {
    case .nothing: break
    case .table(let next):
      try visit(table: next, level: level - 1, base: base, above: path)
    case .page(let page, let size): add(page, size, entry, level, at: base)
    case .broken(let reason): complain(base, reason)
    }
  }

  private mutating func add(
    _ page: UInt64, _ size: UInt64, _ entry: PageTableEntry, _ level: Int,
    at base: UInt64
  ) {
    let covered: UInt64 = 4096 << (UInt64(level) * 9)
    mappings.append(
      Mapping(
        range: AddressRange(first: mode.canonical(base), size: covered),
        // Of 64 KiB that 16 entries map together, this one maps its part.
        physical: page + base % size, pageSize: size, flags: entry.flags,
        memoryType: entry.memoryType))
  }

  private mutating func isReadable(
    _ table: UInt64, base: UInt64, above: [UInt64]
  ) -> Bool {
    guard !above.contains(table) else {
      complain(base, "it leads back to a table above it, in a circle")
      return false
    }
    guard isMemory(table) else {
      complain(base, "it leads to a table where there is no memory")
      return false
    }
    guard visits < Self.mostTables else {
      let words =
        "There are more than \(Self.mostTables) page tables; "
        + "not all were read."
      if problems.last != words { problems.append(words) }
      return false
    }
    return true
  }

  private mutating func complain(_ base: UInt64, _ reason: String) {
    let address = AddressRange.hex(mode.canonical(base), 16)
    problems.append("The entry for 0x\(address) is refused: \(reason).")
  }
}
