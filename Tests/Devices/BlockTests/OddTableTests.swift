// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import TestSupport
import Testing

@testable import Block

/// Tables of odd kinds, each compared with what `sfdisk` makes of it.
@Suite(.ownHart) struct OddTableTests {
  private typealias Entry = (type: UInt8, first: UInt64, count: UInt64)

  /// The partitions that `sfdisk` lists, but for extended ones and those that
  /// do not lie on the disk, which ours leaves out.
  private func listed(_ disk: SparseDisk) throws -> (kind: String, [Place]) {
    let text = try run("sfdisk", ["--dump"], on: disk.image).text
    let kind = text.firstMatch(of: /label: ([a-z]+)/)?.1 ?? "none"
    let line =
      /([0-9]+) : start= *([0-9]+), size= *([0-9]+), type=([0-9A-Za-z]+)/
    var places: [Place] = []
    for match in text.matches(of: line) {
      let (_, number, first, count, type) = match.output
      guard let number = Int(number), let first = UInt64(first),
        let count = UInt64(count), count > 0,
        !["5", "f", "85"].contains(type),
        first + count <= disk.geometry.sectorCount
      else { continue }
      places.append(Place(number, first, count))
    }
    return (String(kind), places)
  }

  private func compare(
    _ name: String, _ disk: SparseDisk, _ damage: [PartitionDamage] = [],
    source: SourceLocation = #_sourceLocation
  ) throws {
    let table = try PartitionTable.read(from: disk)
    let (kind, places) = try listed(disk)
    let ours = table.kind == .gpt ? "gpt" : "dos"
    #expect(ours == kind, "\(name)", sourceLocation: source)
    #expect(table.places == places, "\(name)", sourceLocation: source)
    #expect(table.damage == damage, "\(name)", sourceLocation: source)
  }

  // MARK: - GUID partition tables

  private var image: GPTImage {
    GPTImage(blockCount: 2048, entryCount: 128)
  }

  @Test func `a table that was cut off, and one whose disk has grown`() throws {
    let disk = image.disk()
    for count in [2048, 2047, 2016, 2015, 2500] as [UInt64] {
      disk.change(geometry: DiskGeometry(sectorCount: count))
      let isCutOff = count < 2048
      try compare(
        "\(count) blocks", disk, isCutOff ? [PartitionDamage(.noCopy)] : [])
    }
    // One less, and `sfdisk` takes the record that protects for a partition.
    disk.change(geometry: DiskGeometry(sectorCount: 2014))
    #expect(refusal(disk) == .outOfRange)
    #expect(try listed(disk).kind == "dos")
  }

  @Test func `nothing but the copy`() throws {
    let disk = image.disk()
    for byte in 512..<34 * 512 as Range<UInt64> { disk[byte] = 0xFF }
    try compare("copy", disk, [PartitionDamage(.damagedHeader)])
  }

  @Test func `records that protect, in odd ways`() throws {
    let records: [[Entry]] = [
      [(0xEE, 1, 0xFFFF_FFFF)], [(0xEE, 1, 10)], [(0xEE, 0, 2048)],
      [(0xEE, 5, 100)], [(0x83, 40, 20), (0xEE, 1, 39)],
      [(0xEE, 1, 39), (0x83, 40, 20), (0x83, 60, 1)],
      // Without one, there is the record and nothing else.
      [(0x83, 40, 20)],
    ]
    for record in records {
      let disk = image.disk()
      for byte in 446..<510 as Range<UInt64> { disk[byte] = 0 }
      disk.writeRecord(record)
      try compare("\(record)", disk)
    }
  }

  @Test func `entries that cannot be`() throws {
    let cases: [([(UInt64, UInt64)], [PartitionDamage])] = [
      (
        [(40, 59), (50, 70), (80, 90)],
        [.init(.overlap, 1, other: 2), .init(.overlap, 2, other: 1)]
      ),
      ([(40, 59), (2000, 3000), (80, 90)], [.init(.outOfRange, 2)]),
      ([(40, 59), (5000, 6000), (80, 90)], [.init(.outOfRange, 2)]),
      ([(40, 59), (10, 20), (80, 90)], [.init(.outside, 2)]),
      ([(40, 59), (2015, 2020), (80, 90)], [.init(.outside, 2)]),
      ([(40, 59), (70, 60), (80, 90)], [.init(.outOfRange, 2)]),
      ([(40, 59), (0, 0), (80, 90)], [.init(.outside, 2)]),
    ]
    for (partitions, damage) in cases {
      var image = image
      image.partitions = partitions.map { ($0.0, $0.1) }
      try compare("\(partitions)", image.disk(), damage)
    }
  }

  @Test func `a table that is smaller than its room, or within what is usable`()
    throws
  {
    var small = image
    small.entryCount = 16
    let disk = small.disk()
    try compare("16 entries", disk)
    for first in [3, 34] as [UInt64] {
      let disk = image.disk()
      disk.put(first, at: disk.field(40), size: 8)
      disk.sealBoth()
      try compare("usable from \(first)", disk)
    }
  }

  @Test func `blocks of 4096 bytes`() throws {
    var image = image
    image.sectorsPerBlock = 8
    let disk = image.disk()
    let table = try PartitionTable.read(from: disk)
    // `sfdisk` of many systems knows no other size than 512.
    let text = try run(
      "fdisk", ["-b", "4096", "-o", "Start,End", "-l"], on: disk.image
    ).text
    let numbers = text.matches(of: /(?m)^ *([0-9]+) +([0-9]+)$/).map {
      (UInt64($0.output.1) ?? 0, UInt64($0.output.2) ?? 0)
    }
    #expect(numbers.count == 2 && table.damage.isEmpty)
    for (partition, range) in zip(table.partitions, numbers) {
      #expect(partition.firstSector == range.0 * 8)
      #expect(partition.geometry.sectorCount == (range.1 - range.0 + 1) * 8)
    }
  }

  // MARK: - Master boot records

  private func disk(
    _ entries: [Entry], _ chain: [(UInt64, [Entry])] = []
  ) -> SparseDisk {
    let disk = SparseDisk(sectorCount: 2048)
    disk.writeRecord(entries)
    for (block, entries) in chain { disk.writeRecord(at: block, entries) }
    return disk
  }

  @Test func `records with entries that cannot be`() throws {
    let cases: [([Entry], [PartitionDamage])] = [
      // An image of a CD that boots from a USB stick, as isohybrid makes it.
      (
        [(0x17, 0, 2000), (0xEF, 100, 50)],
        [.init(.overlap, 1), .init(.overlap, 2, other: 1)]
      ),
      ([(0x83, 0, 2048)], [.init(.overlap, 1)]),
      (
        [(0x83, 100, 50), (0x83, 2040, 100), (0x83, 5000, 10)],
        [.init(.outOfRange, 2), .init(.outOfRange, 3)]
      ),
      ([(0x83, 100, 0), (0x83, 200, 10)], []),
      (
        [(0x83, 100, 50), (0x83, 100, 50), (0x83, 300, 10)],
        [.init(.overlap, 1, other: 2), .init(.overlap, 2, other: 1)]
      ),
    ]
    for (entries, damage) in cases {
      try compare("\(entries)", disk(entries), damage)
    }
  }

  @Test func `lists of logical partitions that cannot be`() throws {
    let first: [Entry] = [(0x83, 1, 10), (5, 50, 10)]
    let cases: [([(UInt64, [Entry])], [PartitionDamage])] = [
      ([(100, first)], [.init(.brokenChain, 5)]),
      ([], [.init(.brokenChain, 2)]),
      ([(100, first), (150, [(0x83, 1, 1000)])], [.init(.outside, 6)]),
      ([(100, first), (150, [(0x83, 1, 9000)])], [.init(.outOfRange, 6)]),
      ([(100, [(0x83, 1, 10), (5, 9000, 9)])], [.init(.brokenChain, 5)]),
      (
        [(100, [(0x83, 1, 100), (5, 50, 10)]), (150, [(0x83, 1, 10)])],
        [.init(.overlap, 5), .init(.overlap, 6, other: 5)]
      ),
      ([(100, [(5, 50, 10), (0x83, 1, 10)]), (150, [(0x83, 1, 10)])], []),
      (
        [(100, first + [(0x83, 20, 5)]), (150, [(0x83, 1, 10)])], []
      ),
    ]
    for (chain, damage) in cases {
      let disk = disk([(0x83, 10, 20), (5, 100, 500)], chain)
      try compare("\(chain)", disk, damage)
    }
  }

  @Test func `an extended partition that reaches beyond the disk`() throws {
    try compare(
      "beyond",
      disk([(0x83, 10, 20), (5, 2000, 500)], [(2000, [(0x83, 1, 10)])]),
      [PartitionDamage(.outOfRange, 2)])
  }

  @Test func `a primary partition within an extended one`() throws {
    let disk = disk(
      [(5, 100, 500), (0x83, 120, 10)], [(100, [(0x83, 1, 10)])])
    let table = try PartitionTable.read(from: disk)
    #expect(try listed(disk).1 == table.places)
    #expect(table.partitions.map(\.isDamaged) == [true, false])
  }

  /// Where `sfdisk` goes round until it has 60 partitions, ours stops.
  @Test func `lists that come back to themselves`() throws {
    let loops: [[(UInt64, [Entry])]] = [
      [(100, [(0x83, 1, 10), (5, 0, 10)])],
      [
        (100, [(0x83, 1, 10), (5, 50, 10)]), (150, [(0x83, 1, 10), (5, 0, 1)]),
      ],
      [
        (100, [(0x83, 1, 10), (5, 50, 10)]),
        (150, [(0x83, 1, 10), (5, 80, 10)]),
        (180, [(0x83, 1, 10), (5, 50, 10)]),
      ],
    ]
    for chain in loops {
      let disk = disk([(5, 100, 500)], chain)
      let table = try PartitionTable.read(from: disk)
      let theirs = try listed(disk).1
      #expect(theirs.count > 50)
      #expect(table.places == Array(theirs.prefix(chain.count)))
      #expect(
        table.damage == [PartitionDamage(.endlessChain, 4 + chain.count)])
    }
  }
}

extension SparseDisk {
  /// All that is on it.
  fileprivate var image: Data {
    var data = Data(count: Int(geometry.sectorCount) * 512)
    for (sector, bytes) in sectors where sector < geometry.sectorCount {
      let place = Int(sector) * 512
      data.replaceSubrange(place..<place + 512, with: bytes)
    }
    return data
  }
}
