// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing
import Virtio

@testable import Block

@Suite(.ownHart) struct GPTTests {
  private let image = GPTImage()
  private let places = [Place(1, 40, 20), Place(2, 60, 1)]

  /// Changes a field of both headers.
  private func change(_ disk: SparseDisk, _ offset: UInt64, _ value: UInt64) {
    let size = (24..<80).contains(offset) ? 8 : 4
    disk.put(value, at: disk.field(offset), size: size)
    disk.put(value, at: disk.field(offset, ofCopy: true), size: size)
  }

  @Test func `the writer's checksum is the right one`() {
    #expect(CRC32.of("123456789".utf8) == 0xCBF4_3926)
  }

  @Test func `partitions are found with types and names`() throws {
    let disk = try sfdisk(
      """
      label: gpt
      start=2048,size=4096,type=L,name="boot files"
      start=8192,size=100,type=U,name="grün"
      5 : start=7000,size=1,type=L,name="\
      abcdefghijklmnopqrstuvwxyz0123456789"
      """)
    let table = try PartitionTable.read(from: disk)
    #expect(
      table.places == [
        Place(1, 2048, 4096), Place(2, 8192, 100), Place(5, 7000, 1),
      ])
    #expect(
      table.partitions.map(\.kind) == [
        .gpt(.linuxFiles), .gpt(.efiSystem), .gpt(.linuxFiles),
      ])
    let names = table.partitions.map(\.name)
    #expect(names[0] == "boot files")
    #expect(names[1] == "gr?n")
    #expect(names[2] == "abcdefghijklmnopqrstuvwxyz0123456789")
    #expect(table.kind == .gpt && table.damage.isEmpty)
    #expect(table.partition(named: "gr?n") === table.partitions[1])
    #expect(table.partition(named: "boot") == nil)
  }

  @Test func `a full table has 128 partitions`() throws {
    let lines = (0..<128).map { "start=\(2048 + 9 * $0),size=9" }
    let disk = try sfdisk(
      "label: gpt\ngrain: 512\n" + lines.joined(separator: "\n"))
    let table = try PartitionTable.read(from: disk)
    #expect(
      table.places
        == (0..<128).map {
          Place($0 + 1, 2048 + 9 * UInt64($0), 9)
        })
  }

  @Test func `a table without partitions is a table`() throws {
    let table = try PartitionTable.read(from: sfdisk("label: gpt"))
    #expect(table.kind == .gpt && table.partitions.isEmpty)
    let none = GPTImage(entryCount: 0, partitions: []).disk()
    #expect(try PartitionTable.read(from: none).places == [])
  }

  @Test func `a table made by sfdisk outlives its first 34 blocks`() throws {
    let disk = try sfdisk("label: gpt\nstart=2048,size=9,name=\"one\"")
    for sector in 1..<34 as Range<UInt64> {
      for byte in 0..<512 as Range<UInt64> { disk[sector * 512 + byte] = 0xFF }
    }
    let table = try PartitionTable.read(from: disk)
    #expect(table.places == [Place(1, 2048, 9)])
    #expect(table.damage == [PartitionDamage(.damagedHeader)])
  }

  @Test func `blocks of 4096 bytes are what the numbers count`() throws {
    var image = image
    image.sectorsPerBlock = 8
    let table = try PartitionTable.read(from: image.disk())
    #expect(table.places == [Place(1, 320, 160), Place(2, 480, 8)])
    #expect(table.partitions[1].geometry.blockSize == 4096)
    let memory = try DMABuffer(count: 4096)
    try table.partitions[1].read(0, into: memory)
    #expect(throws: BlockError.outOfRange) {
      try table.partitions[1].read(8, into: memory)
    }
  }

  @Test(
    arguments: [128, 256, 512, 1024, 4096] as [UInt64], [1, 8] as [UInt64])
  func `entries may be larger`(size: UInt64, sectorsPerBlock: UInt64) throws {
    let image = GPTImage(
      sectorsPerBlock: sectorsPerBlock, entryCount: 4, entrySize: size)
    let table = try PartitionTable.read(from: image.disk())
    #expect(table.partitions.map(\.number) == [1, 2])
    #expect(table.partitions[0].firstSector == 40 * sectorsPerBlock)
    #expect(table.partitions[1].name == "part 1")
  }

  @Test func `the header may be as large as its block and no larger`() throws {
    #expect(refusal(GPTImage(headerSize: 512).disk()) == nil)
    #expect(
      refusal(GPTImage(sectorsPerBlock: 8, headerSize: 4096).disk()) == nil)
    #expect(refusal(GPTImage(headerSize: 513).disk()) == .damagedHeader)
  }

  @Test func `a table has up to 64 KiB`() throws {
    let large = GPTImage(
      blockCount: 1000, entryCount: 512,
      partitions: (0..<512).map { (200 + $0, 200 + $0) })
    let table = try PartitionTable.read(from: large.disk())
    #expect(table.partitions.count == 512)
    let larger = GPTImage(blockCount: 1000, entryCount: 513, partitions: [])
    #expect(refusal(larger.disk()) == .tooLarge)
  }

  @Test func `reading takes three requests, more only if it must`() throws {
    let disk = GPTImage(entryCount: 128).disk()
    _ = try PartitionTable.read(from: disk)
    #expect(disk.log.map(\.sector) == [0, 1, 2])

    let small = disk.copy()
    var geometry = disk.geometry
    geometry.maxSegmentSize = 4096
    geometry.maxSectors = 7
    small.change(geometry: geometry)
    #expect(try PartitionTable.read(from: small).places == places)
    #expect(small.log.map(\.sector) == [0, 1, 2, 9, 16, 23, 30])
  }

  // MARK: - Damage

  @Test func `no flipped bit of the header goes unnoticed`() throws {
    let disk = image.disk()
    for bit in 0..<92 * 8 as Range<UInt64> {
      let other = disk.copy()
      other[512 + bit / 8] ^= 1 << UInt8(bit % 8)
      let table = try PartitionTable.read(from: other)
      #expect(table.places == places)
      #expect(table.damage == [PartitionDamage(.damagedHeader)])
    }
  }

  @Test func `no flipped bit of the entries goes unnoticed`() throws {
    let disk = image.disk()
    for bit in 0..<8 * 128 * 8 as Range<UInt64> where bit % 7 == 0 {
      let other = disk.copy()
      other[1024 + bit / 8] ^= 1 << UInt8(bit % 8)
      let table = try PartitionTable.read(from: other)
      #expect(table.places == places)
      #expect(table.damage == [PartitionDamage(.damagedEntries)])
    }
  }

  @Test func `what cannot be read is replaced by the copy`() throws {
    let disk = image.disk()
    for sector in [1, 2] as [UInt64] {
      disk.badSectors = [sector]
      let table = try PartitionTable.read(from: disk)
      #expect(table.places == places)
      #expect(
        table.damage == [PartitionDamage(.device(.failed))])
    }
    disk.badSectors = [0]
    #expect(refusal(disk) == .device(.failed))
  }

  @Test func `if both are damaged the first one's damage is told`() {
    let disk = image.disk()
    disk[1024] ^= 1
    disk.badSectors = [disk.lastBlock]
    #expect(refusal(disk) == .damagedEntries)
    disk[512] ^= 1
    #expect(refusal(disk) == .damagedHeader)
  }

  @Test func `a damaged copy does not matter while it is not needed`() throws {
    let disk = image.disk()
    disk.badSectors = [disk.lastBlock]
    #expect(try PartitionTable.read(from: disk).damage == [])
  }

  @Test func `a header in the wrong place is none`() throws {
    let disk = image.disk()
    for byte in 0..<512 as Range<UInt64> {
      disk[512 + byte] = disk[disk.field(byte, ofCopy: true)]
    }
    let table = try PartitionTable.read(from: disk)
    #expect(table.damage == [PartitionDamage(.damagedHeader)])
    #expect(table.places == places)
  }

  // MARK: - Lies with the right checksums

  @Test(
    arguments: [
      (8, 0, .unsupported), (8, 0x2_0000, .unsupported),
      (8, 0x1_0001, .unsupported),
      (12, 0, .damagedHeader), (12, 91, .damagedHeader),
      (12, 0xFFFF_FFFF, .damagedHeader),
      (24, 0, .damagedHeader), (24, 5, .damagedHeader),
      (40, 0, .outOfRange), (40, 1, .outOfRange),
      (40, 198, .outOfRange), (40, .max, .outOfRange),
      (48, 0, .outOfRange), (48, 3, .outOfRange),
      (48, 200, .outOfRange), (48, .max - 1, .outOfRange),
      (48, .max, .outOfRange),
      (72, 0, .outOfRange), (72, 1, .outOfRange),
      (72, 199, .outOfRange), (72, 200, .outOfRange),
      (72, .max, .outOfRange), (72, .max - 1, .outOfRange),
      (72, 1 << 55, .outOfRange),
      (80, 0xFFFF_FFFF, .tooLarge), (80, 1 << 25, .tooLarge),
      (80, 513, .tooLarge),
      (84, 0, .unsupported), (84, 1, .unsupported), (84, 64, .unsupported),
      (84, 127, .unsupported), (84, 129, .unsupported),
      (84, 384, .unsupported), (84, 1 << 31, .tooLarge),
      (84, 0xFFFF_FFFF, .unsupported),
    ] as [(UInt64, UInt64, PartitionTableError)])
  func `headers that cannot be are refused`(
    offset: UInt64, value: UInt64, expected: PartitionTableError
  ) {
    let disk = image.disk()
    change(disk, offset, value)
    disk.sealBoth()
    #expect(refusal(disk) == expected)
  }

  /// What is expected of entries: the numbers of those that are listed, and
  /// the damage.
  @Test(
    arguments: [
      ([(3, 10)], [1], [.init(.outside, 1)]),
      ([(0, 0)], [1], [.init(.outside, 1)]),
      ([(1, 50)], [1], [.init(.outside, 1)]),
      ([(197, 197)], [1], [.init(.outside, 1)]),
      ([(190, 199)], [1], [.init(.outside, 1)]),
      ([(190, 200)], [], [.init(.outOfRange, 1)]),
      ([(50, 49)], [], [.init(.outOfRange, 1)]),
      ([(50, 0)], [], [.init(.outOfRange, 1)]),
      ([(0, .max)], [], [.init(.outOfRange, 1)]),
      ([(.max, .max)], [], [.init(.outOfRange, 1)]),
      ([(50, .max)], [], [.init(.outOfRange, 1)]),
      ([(.max - 1, .max - 1)], [], [.init(.outOfRange, 1)]),
      ([(9, 9), (50, 300), (60, 60)], [1, 3], [.init(.outOfRange, 2)]),
      (
        [(50, 60), (60, 70)], [1, 2],
        [.init(.overlap, 1, other: 2), .init(.overlap, 2, other: 1)]
      ),
      (
        [(50, 60), (50, 60)], [1, 2],
        [.init(.overlap, 1, other: 2), .init(.overlap, 2, other: 1)]
      ),
      (
        [(55, 55), (70, 80), (50, 60)], [1, 2, 3],
        [.init(.overlap, 1, other: 3), .init(.overlap, 3, other: 1)]
      ),
      (
        [(50, 60), (61, 61), (49, 62)], [1, 2, 3],
        [
          .init(.overlap, 1, other: 3), .init(.overlap, 2, other: 3),
          .init(.overlap, 3, other: 1),
        ]
      ),
    ] as [([(UInt64, UInt64)], [Int], [PartitionDamage])])
  func `a bad entry is told, and the others serve`(
    partitions: [(UInt64, UInt64)], numbers: [Int], damage: [PartitionDamage]
  ) throws {
    let image = GPTImage(partitions: partitions.map { ($0.0, $0.1) })
    let table = try PartitionTable.read(from: image.disk())
    #expect(table.partitions.map(\.number) == numbers)
    #expect(table.damage == damage)
    for partition in table.partitions {
      let isBad = damage.contains { $0.partition == partition.number }
      #expect(partition.isDamaged == isBad)
      #expect(partition.geometry.isReadOnly == isBad)
    }
  }

  @Test func `what overlaps can be read, and not written`() throws {
    let image = GPTImage(partitions: [(50, 60), (60, 70), (80, 80)])
    let table = try PartitionTable.read(from: image.disk())
    let memory = try DMABuffer(count: 512)
    for partition in table.partitions[..<2] {
      try partition.read(0, into: memory)
      #expect(throws: BlockError.readOnly) {
        try partition.write(0, from: memory)
      }
    }
    try table.partitions[2].write(0, from: memory)
  }

  @Test func `a partition over the table itself is told`() throws {
    let disk = image.disk()
    // All is usable, from the table on.
    change(disk, 40, 2)
    disk.put(3, at: 2 * 512 + 32, size: 8)
    disk.sealBoth()
    let table = try PartitionTable.read(from: disk)
    #expect(table.partitions.map(\.isDamaged) == [true, false])
    #expect(table.damage == [PartitionDamage(.overlap, 1)])
  }

  @Test func `partitions may fill all that is usable`() throws {
    let image = GPTImage(partitions: [(100, 196), (4, 99)])
    let table = try PartitionTable.read(from: image.disk())
    #expect(table.places == [Place(1, 100, 97), Place(2, 4, 96)])
  }

  // MARK: - Disks of another size

  @Test(arguments: 1..<197 as Range<UInt64>)
  func `a disk that was cut off is refused`(count: UInt64) {
    let disk = image.disk()
    disk.change(geometry: DiskGeometry(sectorCount: count))
    #expect(refusal(disk) == .outOfRange)
  }

  @Test(arguments: 197..<200 as Range<UInt64>)
  func `one that was cut off behind what is usable is not`(
    count: UInt64
  ) throws {
    let disk = image.disk()
    disk.change(geometry: DiskGeometry(sectorCount: count))
    let table = try PartitionTable.read(from: disk)
    #expect(table.places == places)
    #expect(table.damage == [PartitionDamage(.noCopy)])
    #expect(table.partitions.allSatisfy { !$0.isDamaged })
  }

  @Test func `a disk that has grown keeps its partitions`() throws {
    let disk = image.disk()
    disk.change(geometry: DiskGeometry(sectorCount: 1 << 40))
    #expect(try PartitionTable.read(from: disk).places == places)
    disk[512] ^= 1
    #expect(refusal(disk) == .damagedHeader)
  }

  @Test func `without a protective record there is no table`() throws {
    let disk = image.disk()
    disk.writeRecord([(0x83, 1, 199)])
    #expect(try PartitionTable.read(from: disk).kind == .mbr)
    disk[510] = 0
    #expect(refusal(disk) == .noTable)
  }

  @Test func `a record that protects among others is enough`() throws {
    let disk = image.disk()
    disk.writeRecord([(0x83, 40, 20), (0xEE, 1, 39)])
    #expect(try PartitionTable.read(from: disk).kind == .gpt)
  }
}
