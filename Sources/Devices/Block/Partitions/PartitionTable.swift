// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// What a disk says of its own parts.
///
///     let table = try PartitionTable.read(from: disk)
///     for partition in table.partitions { … partition.read(0, into: …) … }
///
/// The table is as hostile as the disk that it is read from: whatever it
/// says, reading it ends after a few hundred requests, 64 KiB of entries, or
/// 512 partitions, and each partition that comes out lies on the disk. An entry
/// that does not is left out. Partitions that share sectors with another one,
/// or with the table, can be read and not written. Either is told as damage,
/// with the number of the entry.
///
/// A GUID partition table of 128 entries costs about 350,000 instructions,
/// nearly all of them for its checksum, and a master boot record 6,000 for each
/// record.
public struct PartitionTable {
  /// Which kinds of tables there are.
  public enum Kind: Equatable, Sendable {
    /// A master boot record (UEFI 2.10, section 5.2).
    case mbr
    /// A GUID partition table (UEFI 2.10, section 5.3).
    case gpt
  }

  /// Which kind this one is of.
  public let kind: Kind
  /// The partitions, in the order of the table.
  public let partitions: [Partition]
  /// What is wrong with the table, though it can be used; empty if all is
  /// well.
  public let damage: [PartitionDamage]

  init(_ kind: Kind, _ found: consuming FoundPartitions) {
    self.kind = kind
    partitions = found.partitions()
    damage = found.damage
  }

  /// Reads the partition table of `device`. Waits for the device.
  ///
  /// - Parameter device: The disk; its blocks are the units of the table.
  /// - Returns: The table, even if it has no partitions.
  /// - Throws: What is wrong with the table, or with the disk.
  public static func read(
    from device: BlockDevice
  ) throws(PartitionTableError) -> PartitionTable {
    let disk = BlockReader(device)
    guard disk.blockCount > 0 else { throw .noTable }
    let record = BootRecord(try disk.read(0, count: 1))
    guard record.isPartitionTable else { throw .noTable }
    if record.isProtective { return try readGPT(disk) }
    return PartitionTable(.mbr, readMBR(disk, record))
  }

  /// The first partition with this name.
  public func partition(named name: StaticString) -> Partition? {
    for partition in partitions where partition.name == name {
      return partition
    }
    return nil
  }
}

/// Reads blocks of a disk whose numbers are not to be trusted.
struct BlockReader {
  let device: BlockDevice
  /// How many blocks the disk has.
  let blockCount: UInt64
  /// How many bytes a block has.
  let blockSize: Int
  private let sectorsPerBlock: UInt64
  /// How many blocks one request may read.
  private let most: Int

  init(_ device: BlockDevice) {
    self.device = device
    let limits = device.geometry
    sectorsPerBlock = limits.sectorsPerBlock
    blockCount = limits.sectorCount / sectorsPerBlock
    blockSize = limits.blockSize
    let sectors = min(limits.maxSectors, UInt64(limits.maxSegmentSize / 512))
    most = max(1, Int(clamping: sectors / sectorsPerBlock))
  }

  /// All blocks.
  var all: Extent { Extent(first: 0, count: blockCount) }

  /// The contents of `count` blocks from `first` on.
  func read(
    _ first: UInt64, count: Int
  ) throws(PartitionTableError) -> DMABuffer {
    guard all.contains(Extent(first: first, count: UInt64(count))) else {
      throw .outOfRange
    }
    guard let buffer = try? DMABuffer(count: count * blockSize) else {
      throw .device(.outOfMemory)
    }
    var done = 0
    while done < count {
      let now = min(count - done, most)
      let part = BlockSegment(
        buffer, offset: done * blockSize, count: now * blockSize)
      let sector = (first + UInt64(done)) * sectorsPerBlock
      do throws(BlockError) {
        try device.perform(BlockRequest(.read, sector: sector, part))
      } catch {
        throw .device(error)
      }
      done += now
    }
    return buffer
  }

  /// The sectors of some blocks, which are known to be there.
  func sectors(_ blocks: Extent) -> Extent {
    Extent(
      first: blocks.first * sectorsPerBlock,
      count: blocks.count * sectorsPerBlock)
  }
}
