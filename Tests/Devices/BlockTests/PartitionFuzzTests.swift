// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import TestSupport
import Testing
import Virtio

@testable import Block
@testable import Hart

/// Mutated disks. Disk number n is the same in every run, so one that fails
/// can be looked at alone: `PartitionFuzz.disk(n)`.
@Suite(.ownHart) struct `Whatever the disk holds` {
  @Test(arguments: 0..<4)
  func `ten thousand mutated tables are survived`(part: Int) async throws {
    let count = PartitionFuzz.count(of: 2_500)
    let range = part * count..<(part + 1) * count
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("disk-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    // A trap ends only the process that this closure runs in.
    await #expect(processExitsWith: .success) {
      [range = range as Range<Int>, path = path as String] in
      try PartitionFuzz.survive(range, progress: path)
    }
    let text = try? String(contentsOfFile: path, encoding: .utf8)
    if text != "done" {
      Issue.record("the disk that was not survived is \(text ?? "none")")
    }
  }

  @Test func `every error comes up, and many tables are accepted`() {
    var (accepted, damaged, partitions) = (0, 0, 0)
    var errors: [PartitionTableError] = []
    for number in 0..<1500 {
      do throws(PartitionTableError) {
        let table = try PartitionTable.read(from: PartitionFuzz.disk(number))
        accepted += 1
        damaged += table.damage.isEmpty ? 0 : 1
        errors += table.damage.map(\.reason)
        partitions += table.partitions.count
      } catch {
        errors.append(error)
      }
    }
    #expect(accepted > 300 && damaged > 30 && partitions > 1000)
    for error in [
      .noTable, .damagedHeader, .damagedEntries, .unsupported, .tooLarge,
      .outOfRange, .outside, .overlap, .brokenChain, .endlessChain, .noCopy,
      .device(.failed),
    ] as [PartitionTableError] {
      #expect(errors.contains(error), "never: \(error)")
    }
  }
}

enum PartitionFuzz {
  /// Under the address sanitizer everything takes several times as long, and
  /// a tenth has to do; `make test-all` asks for ten times as many.
  static func count(of all: Int) -> Int {
    let isLong = ProcessInfo.processInfo.environment["SWIFTKRAFT_TEST_LONG"]
    guard unsafe dlsym(nil, "__asan_init") == nil else { return all / 10 }
    return isLong == nil ? all : all * 10
  }

  private static let specimens: [SparseDisk] = [
    GPTImage().disk(),
    GPTImage(partitions: [(40, 49), (10, 20), (50, 50), (60, 90)]).disk(),
    GPTImage(sectorsPerBlock: 8, entryCount: 4, entrySize: 256).disk(),
    chains(sectorsPerBlock: 1), chains(sectorsPerBlock: 8),
  ]

  private static func chains(sectorsPerBlock: UInt64) -> SparseDisk {
    let disk = SparseDisk(
      sectorCount: 200 * sectorsPerBlock, sectorsPerBlock: sectorsPerBlock)
    disk.writeRecord([(0x83, 2, 9), (0x82, 11, 5), (5, 40, 50), (15, 100, 90)])
    disk.writeChain(at: [40, 45, 55, 50])
    disk.writeChain(at: [100, 120, 140])
    return disk
  }

  /// One mutated disk out of endlessly many.
  static func disk(_ number: Int) -> SparseDisk {
    var numbers = SeededNumbers(seed: UInt64(number))
    let disk = specimens[numbers.below(specimens.count)].copy()
    for _ in 0..<numbers.below(4) { mutate(disk, with: &numbers) }
    // What a checksum refuses gets no further, so most are right again.
    if numbers.below(4) != 0, disk.number(at: disk.field(0), size: 4) != 0 {
      disk.sealBoth()
    }
    switch numbers.below(32) {
    case 0: disk.badSectors = [UInt64(numbers.below(4))]
    case 1: disk.change(geometry: cutOff(disk.geometry, with: &numbers))
    default: break
    }
    return disk
  }

  private static func cutOff(
    _ geometry: DiskGeometry, with numbers: inout SeededNumbers
  ) -> DiskGeometry {
    var geometry = geometry
    geometry.sectorCount = UInt64(numbers.below(Int(geometry.sectorCount)))
    return geometry
  }

  /// Reads the tables of many disks, noting which one it is at.
  static func survive(_ range: Range<Int>, progress path: String) throws {
    limitWork()
    for number in range {
      try Data("\(number)".utf8).write(to: URL(fileURLWithPath: path))
      let disk = disk(number)
      guard isSound(disk) else { exit(1) }
      // 64 KiB of entries twice, two chains, and the rest.
      guard disk.log.count <= 300 else { exit(2) }
    }
    try Data("done".utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Ends this process after ten minutes of work: an endless loop, but not a
  /// busy computer.
  private static func limitWork() {
    var limit = rlimit(rlim_cur: 600, rlim_max: 610)
    #if canImport(Glibc)
      _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
    #else
      _ = unsafe setrlimit(RLIMIT_CPU, &limit)
    #endif
  }

  /// Whether the table is refused, or its partitions are on the disk, and those
  /// that can be written have nothing in common with any.
  private static func isSound(_ disk: SparseDisk) -> Bool {
    guard let table = try? PartitionTable.read(from: disk) else { return true }
    let geometry = disk.geometry
    var ranges: [Range<UInt64>] = []
    var writable: [Bool] = []
    for partition in table.partitions {
      let (first, count) = (
        partition.firstSector, partition.geometry.sectorCount
      )
      guard count > 0, partition.isDamaged || first >= geometry.sectorsPerBlock,
        partition.isDamaged == partition.geometry.isReadOnly,
        count <= geometry.sectorCount,
        first <= geometry.sectorCount - count,
        (first | count) % geometry.sectorsPerBlock == 0,
        partition.geometry.blockSize == geometry.blockSize
      else { return false }
      ranges.append(first..<first + count)
      writable.append(!partition.isDamaged)
    }
    for (index, range) in ranges.enumerated() where writable[index] {
      for (place, other) in ranges.enumerated()
      where place != index && other.overlaps(range) {
        return false
      }
    }
    return Set(table.partitions.map(\.number)).count == ranges.count
  }
}

/// Changes a disk in a way that a reader may trip on.
private func mutate(_ disk: SparseDisk, with numbers: inout SeededNumbers) {
  let sectors = disk.sectors.keys.sorted()
  let sector = sectors[numbers.below(sectors.count)]
  let size = UInt64([1, 2, 4, 8][numbers.below(4)])
  let place = field(in: sector, of: disk, size, with: &numbers)
  switch numbers.below(8) {
  case 0: disk[place] ^= 1 << UInt8(numbers.below(8))
  case 1: disk[place] = UInt8(numbers.below(256))
  case 2, 3:
    disk.put(
      extremes[numbers.below(extremes.count)], at: place, size: Int(size))
  case 4:
    let delta = UInt64(bitPattern: Int64(numbers.below(9) - 4))
    disk.put(
      disk.number(at: place, size: Int(size)) &+ delta, at: place,
      size: Int(size))
  case 5:
    let from = field(in: sector, of: disk, size, with: &numbers)
    disk.put(
      disk.number(at: from, size: Int(size)), at: place, size: Int(size))
  case 6 where numbers.below(4) == 0:
    let other = sectors[numbers.below(sectors.count)]
    for byte in 0..<512 as Range<UInt64> {
      disk[sector * 512 + byte] = disk[other * 512 + byte]
    }
  default:
    disk.put(UInt64(numbers.below(200)), at: place, size: Int(size))
  }
}

/// Where a number may stand: mostly where one does.
private func field(
  in sector: UInt64, of disk: SparseDisk, _ size: UInt64,
  with numbers: inout SeededNumbers
) -> UInt64 {
  let start = sector * 512
  guard numbers.below(8) != 0 else {
    return start + UInt64(numbers.below(512)) / size * size
  }
  if disk.number(at: start + 510, size: 2) == 0xAA55 {
    let fields = [0, 4, 8, 8, 12, 12]
    return start + 446 + 16 * UInt64(numbers.below(4))
      + UInt64(fields[numbers.below(fields.count)])
  }
  if disk.number(at: start, size: 4) == 0x2049_4645 {
    let fields = [0, 8, 12, 16, 24, 40, 48, 72, 80, 84, 88]
    return start + UInt64(fields[numbers.below(fields.count)])
  }
  let fields = [0, 8, 32, 32, 40, 40, 56]
  return start + 128 * UInt64(numbers.below(4))
    + UInt64(fields[numbers.below(fields.count)])
}

private let extremes: [UInt64] = [
  0, 1, 2, 3, 5, 0x7F, 0x80, 0xEE, 0xFF, 0x7FFF_FFFF, 0x8000_0000,
  0xFFFF_FFFF, 0xFFFF_FFFE, 1 << 32, 1 << 55, 1 << 63, .max, .max - 1,
]
