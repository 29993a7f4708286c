// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing
import Virtio

@testable import Block

/// A partition in short: its number, its first sector, how many it has.
struct Place: Equatable {
  let number: Int
  let first: UInt64
  let count: UInt64

  init(_ number: Int, _ first: UInt64, _ count: UInt64) {
    self.number = number
    self.first = first
    self.count = count
  }
}

extension PartitionTable {
  var places: [Place] {
    partitions.map { Place($0.number, $0.firstSector, $0.geometry.sectorCount) }
  }
}

/// Why a disk's table is refused; nil if it is not.
func refusal(_ disk: BlockDevice) -> PartitionTableError? {
  do throws(PartitionTableError) {
    _ = try PartitionTable.read(from: disk)
    return nil
  } catch {
    return error
  }
}

@Suite(.ownHart) struct MBRTests {
  private let disk = SparseDisk(sectorCount: 1000)

  @Test func `primary and logical partitions are found`() throws {
    let disk = try sfdisk(
      """
      label: dos
      1 : start=2048,size=2048,type=83,bootable
      2 : start=6144,size=20480,type=f
      5 : start=8192,size=1024,type=82
      6 : start=11264,size=1024,type=83
      7 : start=14336,size=1024,type=c
      """)
    let table = try PartitionTable.read(from: disk)
    #expect(
      table.places == [
        Place(1, 2048, 2048), Place(5, 8192, 1024), Place(6, 11264, 1024),
        Place(7, 14336, 1024),
      ])
    #expect(
      table.partitions.map(\.kind) == [
        .mbr(0x83), .mbr(0x82), .mbr(0x83), .mbr(0x0C),
      ])
    #expect(table.kind == .mbr && table.damage.isEmpty)
  }

  @Test func `56 logical partitions are found, and what they hold`() throws {
    let lines = (0..<56).map { "\($0 + 5) : start=\(4096 + 2112 * $0),size=9" }
    let disk = try sfdisk(
      """
      label: dos
      2 : start=2048,size=122880,type=5
      \(lines.joined(separator: "\n"))
      """)
    let table = try PartitionTable.read(from: disk)
    #expect(
      table.places
        == (0..<56).map {
          Place($0 + 5, 4096 + 2112 * UInt64($0), 9)
        })
    try table.partitions[55].write(
      8, from: buffer(Array(repeating: 7, count: 512)))
    #expect(disk[(4096 + 2112 * 55 + 8) * 512] == 7)
  }

  @Test func `a table without partitions is a table`() throws {
    let table = try PartitionTable.read(from: sfdisk("label: dos"))
    #expect(table.kind == .mbr && table.partitions.isEmpty)
  }

  @Test func `blocks of 4096 bytes are what the numbers count`() throws {
    let disk = SparseDisk(sectorCount: 8000, sectorsPerBlock: 8)
    disk.writeRecord([(0x83, 10, 20), (5, 100, 50)])
    disk.writeChain(at: [100, 110])
    let table = try PartitionTable.read(from: disk)
    #expect(
      table.places == [
        Place(1, 80, 160), Place(5, 808, 8), Place(6, 888, 8),
      ])
  }

  @Test
  func `unused entries and records without a partition count for nothing`()
    throws
  {
    disk.writeRecord([(0, 1, 2), (0x83, 3, 0), (0x85, 100, 50), (0x83, 7, 1)])
    disk.writeRecord(at: 100, [(0, 0, 0), (5, 10, 5)])
    disk.writeRecord(at: 110, [(0x83, 2, 3), (5, 0, 0)])
    let table = try PartitionTable.read(from: disk)
    #expect(table.places == [Place(4, 7, 1), Place(5, 112, 3)])
  }

  @Test func `a chain may go back, and there may be two`() throws {
    disk.writeRecord([(5, 100, 50), (0x0F, 200, 50)])
    disk.writeChain(at: [100, 120, 110])
    disk.writeChain(at: [200, 210])
    let table = try PartitionTable.read(from: disk)
    #expect(table.partitions.map(\.firstSector) == [101, 121, 111, 201, 211])
    #expect(table.partitions.map(\.number) == Array(5...9))
  }

  @Test func `what is no table is refused`() {
    #expect(refusal(SparseDisk(sectorCount: 0)) == .noTable)
    #expect(
      refusal(SparseDisk(sectorCount: 7, sectorsPerBlock: 8)) == .noTable)
    #expect(refusal(disk) == .noTable)
    disk.writeRecord([(0x83, 1, 1)])
    #expect(refusal(disk) == nil)
    for (place, byte) in [(510, 0x54), (511, 0), (446, 0x41), (494, 0x81)] {
      let other = disk.copy()
      other[UInt64(place)] = UInt8(byte)
      #expect(refusal(other) == .noTable)
    }
  }

  private typealias Entry = (type: UInt8, first: UInt64, count: UInt64)

  private func check(
    _ numbers: [Int], _ damage: [PartitionDamage],
    source: SourceLocation = #_sourceLocation
  ) throws {
    let table = try PartitionTable.read(from: disk)
    #expect(
      table.partitions.map(\.number) == numbers, sourceLocation: source)
    #expect(table.damage == damage, sourceLocation: source)
    for partition in table.partitions {
      let isBad = damage.contains {
        $0.partition == partition.number
          && [.overlap, .outside].contains($0.reason)
      }
      #expect(partition.isDamaged == isBad, sourceLocation: source)
    }
  }

  @Test(
    arguments: [
      ([(0x83, 0, 5)], [1], [.init(.overlap, 1)]),
      ([(0x83, 1, 1000)], [], [.init(.outOfRange, 1)]),
      ([(0x83, 1000, 1)], [], [.init(.outOfRange, 1)]),
      (
        [(0x83, 0xFFFF_FFFF, 0xFFFF_FFFF)], [], [.init(.outOfRange, 1)]
      ),
      (
        [(0x83, 5, 5), (0x83, 999, 2), (0x83, 20, 1)], [1, 3],
        [.init(.outOfRange, 2)]
      ),
      (
        [(0x83, 10, 5), (0x83, 14, 1)], [1, 2],
        [.init(.overlap, 1, other: 2), .init(.overlap, 2, other: 1)]
      ),
      (
        [(0x83, 10, 5), (0x82, 1, 10), (0x83, 50, 1)], [1, 2, 3],
        [.init(.overlap, 1, other: 2), .init(.overlap, 2, other: 1)]
      ),
      // An isohybrid image.
      (
        [(0x17, 0, 900), (0xEF, 100, 50)], [1, 2],
        [.init(.overlap, 1), .init(.overlap, 2, other: 1)]
      ),
      (
        [(5, 100, 50), (0x83, 149, 1)], [2],
        [
          .init(.brokenChain, 1), .init(.overlap, 1, other: 2),
          .init(.overlap, 2, other: 1),
        ]
      ),
      ([(5, 1, 999)], [], [.init(.brokenChain, 1)]),
      (
        [(0x83, 5, 5), (5, 1999, 2)], [1],
        [.init(.outOfRange, 2), .init(.brokenChain, 2)]
      ),
    ] as [([(UInt8, UInt64, UInt64)], [Int], [PartitionDamage])])
  func `a bad entry is told, and the others serve`(
    entries: [(UInt8, UInt64, UInt64)], numbers: [Int],
    damage: [PartitionDamage]
  ) throws {
    disk.writeRecord(entries.map { ($0.0, $0.1, $0.2) })
    try check(numbers, damage)
  }

  /// An extended partition from 100 to 149 with two records, the second of
  /// which is replaced.
  @Test(
    arguments: [
      // Partitions outside, on their record, on the other's record or
      // partition.
      ([(0x83, 0, 1)], [5, 6], [.init(.overlap, 6)]),
      ([(0x83, 1, 40)], [5, 6], [.init(.outside, 6)]),
      ([(0x83, 0xFFFF_FFFF, 1)], [5], [.init(.outOfRange, 6)]),
      // The next record: itself, the first, a partition, outside, no record.
      ([(0x83, 1, 1), (5, 10, 1)], [5, 6], [.init(.endlessChain, 6)]),
      ([(0x83, 1, 1), (5, 0, 1)], [5, 6], [.init(.endlessChain, 6)]),
      ([(0x83, 1, 1), (5, 1, 1)], [5, 6], [.init(.brokenChain, 6)]),
      ([(0x83, 1, 1), (5, 50, 1)], [5, 6], [.init(.brokenChain, 6)]),
      (
        [(0x83, 1, 1), (5, 0xFFFF_FFFF, 1)], [5, 6],
        [.init(.brokenChain, 6)]
      ),
      ([(0x83, 1, 1), (5, 20, 1)], [5, 6], [.init(.brokenChain, 6)]),
      // The link in front, and more than there should be.
      ([(5, 0, 1), (0x83, 1, 1)], [5, 6], [.init(.endlessChain, 6)]),
      ([(0x83, 1, 1), (0x83, 20, 1)], [5, 6], []),
    ] as [([(UInt8, UInt64, UInt64)], [Int], [PartitionDamage])])
  func `a chain serves as far as it goes`(
    entries: [(UInt8, UInt64, UInt64)], numbers: [Int],
    damage: [PartitionDamage]
  ) throws {
    disk.writeRecord([(5, 100, 50)])
    disk.writeChain(at: [100, 110])
    try check([5, 6], [])
    disk.writeRecord(at: 110, entries.map { ($0.0, $0.1, $0.2) })
    try check(numbers, damage)
  }

  @Test func `a chain that leads to itself at once has nothing`() throws {
    disk.writeRecord([(5, 100, 50)])
    for next in [100, 101] as [UInt64] {
      disk.writeRecord(at: 100, [(0, 0, 0), (5, next - 100, 1)])
      disk.writeRecord(at: 101, [(0, 0, 0), (5, 0, 1)])
      try check([], [PartitionDamage(.endlessChain, 1)])
    }
  }

  @Test func `a chain may have 64 records and no more`() throws {
    disk.writeRecord([(5, 100, 500)])
    disk.writeChain(at: (0..<64).map { 100 + 3 * $0 })
    #expect(try PartitionTable.read(from: disk).partitions.count == 64)
    disk.writeChain(at: (0..<65).map { 100 + 3 * $0 })
    let table = try PartitionTable.read(from: disk)
    #expect(table.partitions.count == 64)
    #expect(table.damage == [PartitionDamage(.endlessChain, 68)])
    #expect(disk.log.count <= 131)
  }

  @Test func `a disk that cannot be read says so`() throws {
    disk.writeRecord([(5, 100, 50)])
    disk.writeChain(at: [100, 110])
    disk.badSectors = [0]
    #expect(refusal(disk) == .device(.failed))
    disk.badSectors = [100]
    try check([], [PartitionDamage(.device(.failed), 1)])
    disk.badSectors = [110]
    try check([5], [PartitionDamage(.device(.failed), 5)])
  }
}
