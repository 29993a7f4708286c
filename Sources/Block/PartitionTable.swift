// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// What a disk says of its own parts.
///
///     let table = try PartitionTable.read(from: disk)
///     for partition in table.partitions { … partition.read(0, into: …) … }
///
/// Whoever wrote the disk wrote the table, so it is not believed: whatever it
/// says, reading it ends after a few hundred requests, 64 KiB of entries, or
/// 512 partitions, and each partition that comes out lies on the disk and has
/// its sectors for itself. One bad entry is enough to refuse the whole table.
///
/// A GUID partition table of 128 entries costs about 700,000 instructions,
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
  /// Why the table at the start of the disk could not be used, and the copy at
  /// its end was; nil if all is well.
  public let damage: PartitionTableError?

  init(
    _ kind: Kind, _ partitions: [Partition],
    damage: PartitionTableError? = nil
  ) {
    self.kind = kind
    self.partitions = partitions
    self.damage = damage
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
    return PartitionTable(.mbr, try readMBR(disk, record))
  }

  /// The first partition with this name.
  public func partition(named name: StaticString) -> Partition? {
    for partition in partitions where partition.name == name {
      return partition
    }
    return nil
  }
}

/// Why the partitions of a disk are not known.
///
/// Whoever wrote the disk wrote the table: none of this is a bug of the caller.
public enum PartitionTableError: Error, Equatable, Sendable {
  /// There is no table.
  case noTable
  /// The header is not there, or its checksum is wrong.
  case damagedHeader
  /// The checksum of the entries is wrong.
  case damagedEntries
  /// The table is of a later kind.
  case unsupported
  /// The table is larger than 64 KiB.
  case tooLarge
  /// The table, or a partition, is where it cannot be.
  case outOfRange
  /// Two partitions have sectors in common.
  case overlap
  /// What the list of logical partitions goes on with is no table.
  case brokenChain
  /// The list of logical partitions comes back to itself, or is too long.
  case endlessChain
  /// The disk could not be read.
  case device(BlockError)

  /// What is wrong, in words for a console.
  public var description: StaticString {
    switch self {
    case .noTable: "there is no partition table"
    case .damagedHeader: "the header of the partition table is damaged"
    case .damagedEntries: "the entries of the partition table are damaged"
    case .unsupported: "the partition table is of an unknown version"
    case .tooLarge: "the partition table is larger than 64 KiB"
    case .outOfRange: "the table or a partition is where it cannot be"
    case .overlap: "partitions overlap"
    case .brokenChain: "the list of logical partitions is broken"
    case .endlessChain: "the list of logical partitions does not end"
    case .device(let error): error.description
    }
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

  /// Adds a partition of some blocks, which are known to be there.
  @inline(never)
  func add(
    _ number: Int, _ blocks: Extent, _ kind: Partition.Kind,
    _ name: ShortName = ShortName(), to partitions: inout [Partition]
  ) {
    let sectors = Extent(
      first: blocks.first * sectorsPerBlock,
      count: blocks.count * sectorsPerBlock)
    partitions.append(
      Partition(of: device, sectors, number: number, kind, name))
  }
}

/// Stretches of blocks that belong to somebody.
struct Claims {
  /// Where all of them must lie: on the disk.
  let bounds: Extent
  private var claimed: [Extent] = []

  init(within bounds: Extent) { self.bounds = bounds }

  /// Whether somebody's stretch begins at `block`.
  func hasOne(from block: UInt64) -> Bool {
    for one in claimed where one.first == block { return true }
    return false
  }

  /// Claims `extent`. Costs a comparison for each that is claimed already.
  ///
  /// - Throws: `outOfRange` or `overlap`.
  @inline(never)
  mutating func add(_ extent: Extent) throws(PartitionTableError) {
    guard bounds.contains(extent) else { throw .outOfRange }
    for one in claimed where one.overlaps(extent) { throw .overlap }
    claimed.append(extent)
  }
}
