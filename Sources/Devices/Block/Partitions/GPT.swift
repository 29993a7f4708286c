// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// The block that says where a GUID partition table is (UEFI 2.10, section
/// 5.3.2, "GPT Header").
struct GPTHeader {
  /// The blocks that may belong to partitions.
  let usable: Extent
  /// The blocks with the entries.
  let table: Extent
  let entryCount: Int
  /// How many bytes an entry has.
  let entrySize: Int
  /// The checksum of all entries.
  let checksum: UInt32
  /// Where the other header is.
  let other: UInt64

  /// How many bytes all entries have.
  var byteCount: Int { entryCount * entrySize }

  /// The header at `place`.
  ///
  /// - Throws: Why it cannot be used.
  init(_ disk: BlockReader, at place: UInt64) throws(PartitionTableError) {
    let block = try disk.read(place, count: 1)
    try Self.check(block, at: place)
    let (count, size) = (block.load32(at: 80), block.load32(at: 84))
    guard block.load32(at: 8) == 0x1_0000, size >= 128, size & (size - 1) == 0
    else { throw .unsupported }
    let bytes = UInt64(count) * UInt64(size)
    guard bytes <= 1 << 16 else { throw .tooLarge }
    (entryCount, entrySize) = (Int(count), Int(size))
    checksum = block.load32(at: 88)
    let blockSize = UInt64(block.count)
    let blocks = (bytes + blockSize - 1) / blockSize
    table = Extent(first: block.load64(at: 72), count: blocks)
    other = block.load64(at: 32)
    let (first, last) = (block.load64(at: 40), block.load64(at: 48))
    // Behind the last one, the disk may have been cut off.
    guard first >= 2, first <= last, last < disk.blockCount,
      place < first || place > last
    else { throw .outOfRange }
    usable = Extent(first: first, count: last - first + 1)
    guard table.first >= 2, disk.all.contains(table) else {
      throw .outOfRange
    }
  }

  /// Looks whether this is what was written there, and no earlier or later.
  private static func check(
    _ block: DMABuffer, at place: UInt64
  ) throws(PartitionTableError) {
    let size = Int(block.load32(at: 12))
    guard block.load64(at: 0) == 0x5452_4150_2049_4645, size >= 92,
      size <= block.count, block.load64(at: 24) == place
    else { throw .damagedHeader }
    let checksum = block.load32(at: 16)
    // It was 0 when the checksum was made.
    block.store32(0, at: 16)
    guard crc32(block, count: size) == checksum else { throw .damagedHeader }
  }
}

extension PartitionTable {
  /// The partitions of a GUID partition table.
  static func readGPT(
    _ disk: BlockReader
  ) throws(PartitionTableError) -> PartitionTable {
    do throws(PartitionTableError) {
      return PartitionTable(.gpt, try readGPT(disk, at: 1, nil))
    } catch {
      // Then the copy in the last block has to do.
      let copy = disk.blockCount - 1
      guard let found = try? readGPT(disk, at: copy, error) else { throw error }
      return PartitionTable(.gpt, found)
    }
  }

  private static func readGPT(
    _ disk: BlockReader, at place: UInt64, _ damage: PartitionTableError?
  ) throws(PartitionTableError) -> FoundPartitions {
    let header = try GPTHeader(disk, at: place)
    var found = FoundPartitions()
    if let damage { found.note(PartitionDamage(damage)) }
    if header.other >= disk.blockCount { found.note(PartitionDamage(.noCopy)) }
    guard header.byteCount > 0 else { return found }
    let table = try disk.read(
      header.table.first, count: Int(header.table.count))
    guard crc32(table, count: header.byteCount) == header.checksum else {
      throw .damagedEntries
    }
    found.addTable(Extent(first: 0, count: 2))
    found.addTable(header.table)
    for index in 0..<header.entryCount {
      let entry = GPTEntry(table, at: index * header.entrySize)
      let type = entry.type
      guard !type.isZero else { continue }
      found.add(
        index + 1, entry.blocks, .gpt(type), entry.name,
        bounds: header.usable, of: disk)
    }
    return found
  }
}

/// A partition in the table (section 5.3.3, "GPT Partition Entry
/// Array").
private struct GPTEntry {
  private let table: DMABuffer
  private let place: Int

  init(_ table: DMABuffer, at place: Int) {
    self.table = table
    self.place = place
  }

  var type: GUID { GUID(table, at: place) }

  /// Where it is; nothing if it ends before it begins.
  var blocks: Extent {
    let first = table.load64(at: place + 32)
    let last = table.load64(at: place + 40)
    // No disk has so many blocks that the count could overflow.
    guard first <= last, last < .max else { return Extent(first: 0, count: 0) }
    return Extent(first: first, count: last - first + 1)
  }

  /// Its name, up to a zero.
  var name: ShortName {
    var name = ShortName()
    while name.count < 36 {
      let unit = table.load16(at: place + 56 + 2 * name.count)
      guard unit != 0 else { break }
      name.append(unit)
    }
    return name
  }
}

/// The checksum of the first `count` bytes, as headers and entries have it:
/// CRC-32, the one of Ethernet. Costs about 18 instructions a byte.
@_optimize(speed)
private func crc32(_ buffer: DMABuffer, count: Int) -> UInt32 {
  // What four bits do to the checksum that they shift out.
  var table: [16 of UInt32] = .init(repeating: 0)
  for index in table.indices {
    var entry = UInt32(index)
    for _ in 0..<4 {
      entry = entry >> 1 ^ (0xEDB8_8320 & (0 &- (entry & 1)))
    }
    table[index] = entry
  }
  var checksum = UInt32.max
  for index in 0..<count {
    checksum ^= UInt32(buffer[index])
    checksum = checksum >> 4 ^ table[Int(checksum & 15)]
    checksum = checksum >> 4 ^ table[Int(checksum & 15)]
  }
  return ~checksum
}
