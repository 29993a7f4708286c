// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing
import Virtio

@testable import Block

@Suite(.ownHart) struct PartitionTests {
  private let disk = SparseDisk(sectorCount: 100)

  private func sector(_ fill: UInt8) throws -> DMABuffer {
    try buffer(Array(repeating: fill, count: 512))
  }

  @Test func `a request goes to the disk with its sector moved`() throws {
    let part = try Partition(of: disk, firstSector: 40, sectorCount: 20)
    try part.write(3, from: sector(7))
    try part.read(19, into: sector(0))
    try part.discard(1, sectorCount: 2)
    try part.writeZeroes(0, sectorCount: 20)
    #expect(disk.log.map(\.sector) == [43, 59, 41, 40])
    #expect(disk[43 * 512] == 7)
  }

  @Test func `what has no sector goes through as it is`() throws {
    let part = try Partition(of: disk, firstSector: 40, sectorCount: 20)
    try part.flush()
    _ = try part.identify()
    #expect(disk.log.map(\.operation) == [.flush, .identify])
    #expect(disk.log.map(\.sector) == [0, 0])
  }

  @Test func `nobody reaches what lies outside`() throws {
    let part = try Partition(of: disk, firstSector: 40, sectorCount: 20)
    for place: UInt64 in [20, 21, 59, 1 << 60, .max - 40, .max] {
      #expect(throws: BlockError.outOfRange) {
        try part.read(place, into: sector(0))
      }
      // Moved by a device above that does not know the partition's end.
      for operation in [.read, .write] as [BlockRequest.Operation] {
        let request = BlockRequest(
          operation, BlockSegment(try sector(0), count: 512))
        part.start(request, at: place)
        #expect(request.error == .outOfRange)
      }
      for operation in [.discard, .writeZeroes] as [BlockRequest.Operation] {
        let request = BlockRequest(operation, sectorCount: 1)
        part.start(request, at: place)
        #expect(request.error == .outOfRange)
      }
    }
    #expect(disk.log.isEmpty)
  }

  @Test func `a disk that has become smaller is not asked for more`() throws {
    let part = try Partition(of: disk, firstSector: 40, sectorCount: 20)
    disk.change(geometry: DiskGeometry(sectorCount: 50))
    try part.read(9, into: sector(0))
    #expect(throws: BlockError.outOfRange) {
      try part.read(10, into: sector(0))
    }
  }

  @Test func `what the disk does not have is no partition`() {
    let places: [(UInt64, UInt64)] = [
      (0, 101), (100, 1), (101, 0), (99, 2), (.max, 1), (1, .max),
      (.max, .max),
    ]
    for (first, count) in places {
      #expect(throws: BlockError.outOfRange) {
        try Partition(of: disk, firstSector: first, sectorCount: count)
      }
    }
  }

  @Test func `a partition is made of whole blocks`() throws {
    let disk = SparseDisk(sectorCount: 800, sectorsPerBlock: 8)
    for (first, count) in [(4, 8), (8, 12), (1, 7)] as [(UInt64, UInt64)] {
      #expect(throws: BlockError.misaligned) {
        try Partition(of: disk, firstSector: first, sectorCount: count)
      }
    }
    let part = try Partition(of: disk, firstSector: 8, sectorCount: 16)
    #expect(part.geometry.blockSize == 4096)
  }

  @Test func `it can do what the disk can do`() throws {
    var expected = disk.geometry
    expected.isReadOnly = true
    expected.maxSegments = 3
    disk.change(geometry: expected)
    let part = try Partition(of: disk, firstSector: 1, sectorCount: 9)
    expected.sectorCount = 9
    #expect(part.geometry == expected)
    #expect(part.needsPolling == disk.needsPolling)
    #expect(throws: BlockError.readOnly) { try part.write(0, from: sector(1)) }
  }

  @Test func `partitions of partitions add up`() throws {
    let outer = try Partition(of: disk, firstSector: 40, sectorCount: 20)
    let inner = try Partition(of: outer, firstSector: 5, sectorCount: 10)
    try inner.read(9, into: sector(0))
    #expect(disk.log.map(\.sector) == [54])
    #expect(throws: BlockError.outOfRange) {
      try Partition(of: outer, firstSector: 15, sectorCount: 6)
    }
  }

  @Test func `an error below comes up`() throws {
    let part = try Partition(of: disk, firstSector: 40, sectorCount: 20)
    disk.badSectors = [42]
    #expect(throws: BlockError.failed) { try part.read(2, into: sector(0)) }
    try part.read(3, into: sector(0))
  }

  @Test func `a queue may be for a partition`() throws {
    let part = try Partition(of: disk, firstSector: 40, sectorCount: 20)
    let queue = RequestQueue(for: part)
    try queue.submit(
      BlockRequest(.read, sector: 4, BlockSegment(sector(0), count: 512)))
    #expect(queue.wait()?.error == nil)
    #expect(queue.wait() == nil)
    #expect(disk.log.map(\.sector) == [44])
    #expect(disk.pushes > 0)
  }

  @Test func `names are compared letter by letter`() {
    var name = ShortName()
    for letter in "data".utf16 { name.append(letter) }
    #expect(name == "data")
    #expect(!(name == "dat") && !(name == "data1") && !(name == "date"))
    #expect(ShortName() == "")
  }

  @Test func `what is no letter becomes a question mark`() {
    var name = ShortName()
    for unit in [0x41, 0x1B, 0x7F, 0xFC, 0xD83D, 0xFFFF, 0x7E] as [UInt16] {
      name.append(unit)
    }
    #expect(name == "A?????~")
  }

  @Test func `a type is written as other systems write it`() {
    let text = (0..<GUID.linuxFiles.count).map { GUID.linuxFiles[$0] }
    #expect(
      String(decoding: text, as: UTF8.self)
        == "0FC63DAF-8483-4772-8E79-3D69D8477DE4")
  }
}
