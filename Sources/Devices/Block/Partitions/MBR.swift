// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// The table in the first block of a disk or of a logical partition (UEFI 2.10,
/// section 5.2.1): four entries of 16 bytes, and a signature.
///
/// All numbers stand at multiples of 2 only.
struct BootRecord {
  private let block: DMABuffer

  /// The record in the first 512 bytes of `block`.
  init(_ block: DMABuffer) { self.block = block }

  /// Whether it ends as every record does.
  var hasSignature: Bool { block.load16(at: 510) == 0xAA55 }

  /// Whether it is a table of partitions. The first block of some file systems
  /// ends in the same way, but has text or instructions in place of entries.
  var isPartitionTable: Bool {
    let flags = block[446] | block[462] | block[478] | block[494]
    return hasSignature && flags & 0x7F == 0
  }

  /// Whether it only tells others that the disk has a GUID partition table
  /// (section 5.2.3).
  var isProtective: Bool {
    block[450] == 0xEE || block[466] == 0xEE || block[482] == 0xEE
      || block[498] == 0xEE
  }

  /// The entry at `index`, from 0 to 3. Numbers of blocks begin where the
  /// record says.
  @inline(never)
  subscript(index: Int) -> (type: UInt8, blocks: Extent) {
    let place = 446 + 16 * index
    let first = load32(place + 8)
    return (block[place + 4], Extent(first: first, count: load32(place + 12)))
  }

  private func load32(_ place: Int) -> UInt64 {
    UInt64(block.load16(at: place)) | UInt64(block.load16(at: place + 2)) << 16
  }
}

extension PartitionTable {
  /// The partitions of a master boot record.
  static func readMBR(
    _ disk: BlockReader, _ record: BootRecord
  ) -> FoundPartitions {
    var found = FoundPartitions()
    found.addTable(Extent(first: 0, count: 1))
    for index in 0..<4 {
      let (type, blocks) = record[index]
      guard type != 0, blocks.count > 0 else { continue }
      found.add(
        index + 1, blocks, isExtended(type) ? nil : .mbr(type),
        bounds: disk.all, of: disk)
    }
    var number = 5
    for index in 0..<4 {
      let (type, blocks) = record[index]
      guard isExtended(type), blocks.count > 0 else { continue }
      var chain = Chain(
        disk: disk, extended: blocks, parent: index + 1, number: number)
      do throws(PartitionTableError) {
        try chain.read(into: &found)
      } catch {
        let last = chain.number == 5 ? index + 1 : chain.number - 1
        found.note(PartitionDamage(error, last))
      }
      number = chain.number
    }
    return found
  }

  fileprivate static func isExtended(_ type: UInt8) -> Bool {
    type == 0x05 || type == 0x0F || type == 0x85
  }
}

/// The logical partitions in an extended one. UEFI does not tell of them; this
/// is what Linux and `sfdisk` do.
///
///     extended:  record ─ partition 5 ─ record ─ partition 6 ─ …
///                  └─────────────────────┘└─────────────────────┘
///
/// One entry of each record is the partition, from the record on; another leads
/// to the next record, from the extended partition on.
private struct Chain {
  let disk: BlockReader
  let extended: Extent
  /// The number of the extended partition.
  let parent: Int
  /// The number of the next logical partition.
  var number: Int

  /// Adds what it finds.
  ///
  /// - Throws: Why it stops before the end.
  mutating func read(
    into found: inout FoundPartitions
  ) throws(PartitionTableError) {
    var place: UInt64? = extended.first
    // `sfdisk` makes no more than 60 partitions.
    for _ in 0..<64 {
      guard let block = place else { return }
      guard !found.hasTable(at: block) else { throw .endlessChain }
      place = try readRecord(at: block, into: &found)
    }
    if place != nil { throw .endlessChain }
  }

  /// Adds the partition of a record, and says where the next record is.
  private mutating func readRecord(
    at place: UInt64, into found: inout FoundPartitions
  ) throws(PartitionTableError) -> UInt64? {
    guard place >= extended.first, place - extended.first < extended.count
    else { throw .brokenChain }
    let record: BootRecord
    do throws(PartitionTableError) {
      record = BootRecord(try disk.read(place, count: 1))
    } catch { throw error == .outOfRange ? .brokenChain : error }
    guard record.hasSignature else { throw .brokenChain }
    found.addTable(Extent(first: place, count: 1), within: parent)
    var (next, hasPartition): (UInt64?, Bool) = (nil, false)
    for index in 0..<4 {
      var (type, blocks) = record[index]
      guard type != 0, blocks.count > 0 else { continue }
      if PartitionTable.isExtended(type) {
        next = next ?? extended.first + blocks.first
      } else if !hasPartition {
        hasPartition = true
        blocks.first += place
        found.add(
          number, blocks, .mbr(type), within: parent, bounds: extended,
          of: disk)
        number += 1
      }
    }
    return next
  }
}
