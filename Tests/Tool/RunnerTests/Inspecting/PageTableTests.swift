// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Inspecting
@testable import Runner

/// Page tables that a test has written, and zeros elsewhere.
final class MadeUpMemory: PhysicalMemory {
  private var tables: [UInt64: [UInt64]] = [:]
  private(set) var reads = 0

  func words(at address: UInt64, count: Int) -> [UInt64] {
    reads += 1
    return tables[address] ?? Array(repeating: 0, count: count)
  }

  func set(_ index: Int, of table: UInt64, to entry: UInt64) {
    tables[table, default: Array(repeating: 0, count: 512)][index] = entry
  }

  /// An entry that leads to a page or a table at `address`.
  static func entry(_ address: UInt64, _ flags: UInt64 = 1) -> UInt64 {
    (address >> 12) << 10 | flags | 1
  }

  /// Walks from a root at 0x8000_0000, where memory ends at 0x9000_0000.
  func walk(mode: UInt64 = 8) throws -> PageTableWalk {
    let mode = try #require(PagingMode(satp: mode << 60 | 0x80000))
    return try PageTableWalk(mode, in: self) {
      (0x8000_0000..<0x9000_0000).contains($0)
    }
  }
}

@Suite struct `A page table walk` {
  let memory = MadeUpMemory()
  let root: UInt64 = 0x8000_0000
  let middle: UInt64 = 0x8000_1000
  let leaf: UInt64 = 0x8000_2000

  /// Three tables in a row, for the addresses from 0 on.
  init() {
    memory.set(0, of: root, to: MadeUpMemory.entry(middle))
    memory.set(0, of: middle, to: MadeUpMemory.entry(leaf))
  }

  private func pages() throws -> [[UInt64]] {
    try memory.walk().mappings.map { mapping in
      [mapping.range.first, mapping.physical, mapping.pageSize]
    }
  }

  @Test func `finds pages of all sizes, lowest first`() throws {
    memory.set(2, of: root, to: MadeUpMemory.entry(0x4000_0000, 0x7))
    memory.set(1, of: middle, to: MadeUpMemory.entry(0x8060_0000, 0xF))
    memory.set(3, of: leaf, to: MadeUpMemory.entry(0x8012_3000, 0x3))
    #expect(
      try pages() == [
        [0x3000, 0x8012_3000, 4096], [0x20_0000, 0x8060_0000, 2 << 20],
        [0x8000_0000, 0x4000_0000, 1 << 30],
      ])
    #expect(try memory.walk().tables == [root, middle, leaf])
    #expect(try memory.walk().problems.isEmpty)
  }

  @Test func `reads the flags`() throws {
    memory.set(0, of: leaf, to: MadeUpMemory.entry(0, 0xEB) | 2 << 61)
    let mapping = try #require(try memory.walk().mappings.first)
    #expect(
      mapping.flags == [.read, .execute, .global, .accessed, .dirty])
    #expect(mapping.flags.letters == "r-x")
    #expect(mapping.memoryType == .device)
  }

  @Test func `puts the upper half at the highest addresses`() throws {
    memory.set(511, of: root, to: MadeUpMemory.entry(0x4000_0000, 0x3))
    let mapping = try #require(try memory.walk().mappings.first)
    #expect(mapping.range.first == 0xFFFF_FFFF_C000_0000)
    #expect(mapping.range.last == .max)
  }

  @Test func `knows modes with more levels`() throws {
    memory.set(256, of: root, to: MadeUpMemory.entry(middle))
    let upper = try memory.walk(mode: 9).mappings
    #expect(upper.isEmpty)
    memory.set(3, of: leaf, to: MadeUpMemory.entry(0x8060_0000, 0x3))
    #expect(
      try memory.walk(mode: 9).mappings.map(\.range.first)
        == [0x60_0000, 0xFFFF_8000_0060_0000])
    #expect(PagingMode(satp: 10 << 60)?.name == "Sv57")
    for mode in [0, 1, 7, 11, 15] as [UInt64] {
      #expect(PagingMode(satp: mode << 60) == nil)
    }
  }

  @Test func `maps 16 entries of one 64 KiB page to its parts`() throws {
    let entry = MadeUpMemory.entry(0x8001_8000, 0x3) | 1 << 63
    memory.set(16, of: leaf, to: entry)
    memory.set(18, of: leaf, to: entry)
    #expect(
      try pages() == [
        [0x1_0000, 0x8001_0000, 65536], [0x1_2000, 0x8001_2000, 65536],
      ])
  }

  @Test(
    arguments: [
      (0x2000_0003 | 1 << 54, "54 to 60"),
      (0x5, "not read"),
      (0x3 | 3 << 61, "PBMT"),
      (0x1, "the last"),
      (0x3 | 1 << 63, "64 KiB"),
    ] as [(UInt64, String)])
  func `explains an entry that the hart refuses`(
    entry: UInt64, words: String
  ) throws {
    memory.set(5, of: leaf, to: entry)
    let walk = try memory.walk()
    #expect(walk.mappings.isEmpty)
    #expect(walk.problems.count == 1)
    #expect(walk.problems[0].contains(words))
    #expect(walk.problems[0].contains("0x0000000000005000"))
  }

  @Test(arguments: [
    (MadeUpMemory.entry(0x8010_1000, 0x3), "2 MiB does not start"),
    (MadeUpMemory.entry(0x8000_2000, 0x41), "leads to a table"),
    (MadeUpMemory.entry(0x1000_0000), "no memory"),
    (MadeUpMemory.entry(0x8000_0000), "circle"),
    (MadeUpMemory.entry(0x8000_1000), "circle"),
  ])
  func `explains a middle entry that the hart refuses`(
    entry: UInt64, words: String
  ) throws {
    memory.set(7, of: middle, to: entry)
    let problems = try memory.walk().problems
    #expect(problems.count == 1)
    #expect(problems[0].contains(words), "\(problems)")
  }

  @Test func `ends when tables lead to each other again and again`() throws {
    for index in 0..<512 {
      memory.set(index, of: root, to: MadeUpMemory.entry(middle))
      memory.set(index, of: middle, to: MadeUpMemory.entry(leaf))
    }
    let walk = try memory.walk()
    #expect(memory.reads <= PageTableWalk.mostTables)
    #expect(walk.problems.count == 1)
    #expect(walk.problems[0].contains("more than"))
  }

  @Test func `survives any bytes`() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3 {
      for table in [root, middle, leaf] {
        for index in 0..<512 {
          let entry: UInt64 = generator.next()
          memory.set(index, of: table, to: entry & ~(0x7F << 54))
        }
      }
      memory.set(0, of: root, to: MadeUpMemory.entry(middle))
      memory.set(0, of: middle, to: MadeUpMemory.entry(leaf))
      let walk = try memory.walk()
      #expect(walk.tables.count >= 3)
      let space = AddressSpace(walk.mappings, in: MemoryAreaMap([]))
      #expect(!space.rows.isEmpty)
    }
  }
}
