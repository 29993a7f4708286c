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
  ) throws(PartitionTableError) -> [Partition] {
    var partitions: [Partition] = []
    // The record itself is nobody's.
    var claims = Claims(
      within: Extent(first: 1, count: disk.blockCount - 1))
    for index in 0..<4 {
      let (type, blocks) = record[index]
      guard type != 0, blocks.count > 0 else { continue }
      try claims.add(blocks)
      guard !isExtended(type) else { continue }
      disk.add(index + 1, blocks, .mbr(type), to: &partitions)
    }
    var number = 5
    for index in 0..<4 {
      let (type, blocks) = record[index]
      guard isExtended(type), blocks.count > 0 else { continue }
      try readChain(disk, in: blocks, &number, &partitions)
    }
    return partitions
  }

  /// Adds the logical partitions in an extended one. UEFI does not tell of
  /// them; this is what Linux and `sfdisk` do.
  ///
  ///     extended:  record ─ partition 5 ─ record ─ partition 6 ─ …
  ///                  └─────────────────────┘└─────────────────────┘
  ///
  /// The first entry of each record is the partition, from the record on; the
  /// second leads to the next record, from the extended partition on.
  private static func readChain(
    _ disk: BlockReader, in extended: Extent, _ number: inout Int,
    _ partitions: inout [Partition]
  ) throws(PartitionTableError) {
    var claims = Claims(within: extended)
    var place = extended.first
    // `sfdisk` makes no more than 60 partitions.
    for _ in 0..<64 {
      guard !claims.hasOne(from: place) else { throw .endlessChain }
      try claims.add(Extent(first: place, count: 1))
      let record = BootRecord(try disk.read(place, count: 1))
      guard record.hasSignature else { throw .brokenChain }
      var (type, blocks) = record[0]
      if type != 0, blocks.count > 0 {
        blocks.first += place
        try claims.add(blocks)
        disk.add(number, blocks, .mbr(type), to: &partitions)
        number += 1
      }
      let next = record[1]
      guard next.type != 0, next.blocks.count > 0 else { return }
      guard isExtended(next.type) else { throw .brokenChain }
      place = extended.first + next.blocks.first
    }
    throw .endlessChain
  }

  private static func isExtended(_ type: UInt8) -> Bool {
    type == 0x05 || type == 0x0F || type == 0x85
  }
}
