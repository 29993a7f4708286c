// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Virtio

/// What a disk may offer (virtio 1.2, section "Block Device", "Feature bits").
enum BlockFeature {
  /// No stretch may be larger than a limit: `VIRTIO_BLK_F_SIZE_MAX`.
  static let sizeLimit = VirtioFeatures(1)
  /// There may be only so many stretches: `VIRTIO_BLK_F_SEG_MAX`.
  static let segmentLimit = VirtioFeatures(2)
  /// Nothing can be written: `VIRTIO_BLK_F_RO`.
  static let readOnly = VirtioFeatures(5)
  /// The disk tells the size of its blocks: `VIRTIO_BLK_F_BLK_SIZE`.
  static let blockSize = VirtioFeatures(6)
  /// What is written may not last yet: `VIRTIO_BLK_F_FLUSH`.
  static let flush = VirtioFeatures(9)
  /// The disk tells whether it caches what is written, and lets a driver
  /// choose: `VIRTIO_BLK_F_CONFIG_WCE`. A device that offers it and finds a
  /// driver that flushes but does not know this feature begins to cache, even
  /// if its owner has told it to write through (virtio 1.2, section "Block
  /// Device", "Device Initialization").
  static let cacheControl = VirtioFeatures(11)
  /// `VIRTIO_BLK_F_DISCARD`.
  static let discard = VirtioFeatures(13)
  /// `VIRTIO_BLK_F_WRITE_ZEROES`.
  static let writeZeroes = VirtioFeatures(14)

  static let all =
    sizeLimit | segmentLimit | readOnly | blockSize | flush | cacheControl
    | discard | writeZeroes | .indirect | .eventIndex
}

/// How a request ended, in its last byte.
enum BlockStatus {
  static let ok: UInt8 = 0
  static let failed: UInt8 = 1
  static let unsupported: UInt8 = 2
  /// What the driver puts there: the device has to replace it.
  static let missing: UInt8 = 0xFF
}

extension BlockRequest.Operation {
  /// The number that the device knows it by.
  @inline(__always)
  var code: UInt64 {
    switch self {
    case .read: 0
    case .write: 1
    case .flush: 4
    case .identify: 8
    case .discard: 11
    case .writeZeroes: 13
    }
  }

  /// Whether its sectors are told in a part of their own, not in the header.
  @inline(__always)
  var hasRange: Bool { self == .discard || self == .writeZeroes }
}

extension VirtioTransport {
  /// Reads how large a disk is, and what it can do.
  ///
  /// - Throws: `configurationUnstable` or `badConfiguration`.
  func readGeometry(
    _ features: VirtioFeatures, _ queueSize: Int
  ) throws(VirtioError) -> DiskGeometry {
    let has = features.contains
    var (isSound, geometry) = (true, DiskGeometry(sectorCount: 0))
    geometry = try configuration { registers in
      var disk = DiskGeometry(sectorCount: registers.load64(at: 0))
      disk.isReadOnly = has(BlockFeature.readOnly)
      disk.canIdentify = true
      disk.cachesWrites =
        has(BlockFeature.flush)
        && (!has(BlockFeature.cacheControl) || registers.load8(at: 32) != 0)
      disk.maxSegments = queueSize - 2
      if has(BlockFeature.sizeLimit) {
        disk.maxSegmentSize = Int(registers.load32(at: 8))
      }
      if has(BlockFeature.segmentLimit) {
        disk.maxSegments = min(disk.maxSegments, Int(registers.load32(at: 12)))
      }
      if has(BlockFeature.blockSize) {
        let size = registers.load32(at: 20)
        isSound = size >= 512 && size <= 1 << 20 && size & (size &- 1) == 0
        disk.sectorsPerBlock = UInt64(max(size, 512) / 512)
      }
      if has(BlockFeature.discard) {
        disk.maxDiscardSectors = UInt64(registers.load32(at: 36))
      }
      if has(BlockFeature.writeZeroes) {
        disk.maxZeroSectors = UInt64(registers.load32(at: 48))
      }
      return disk
    }
    guard isSound, geometry.maxSegments >= 1, geometry.maxSegmentSize >= 512,
      geometry.sectorCount <= 1 << 54
    else { throw .badConfiguration }
    return geometry
  }
}

/// What the device reads and writes beside a request's own memory: for each
/// chain a header, a range, and a status.
struct RequestHeaders {
  private let memory: DMABuffer
  private static let size = 40

  init(count: Int) throws(VirtioError) {
    memory = try DMABuffer(count: Self.size * count)
  }

  /// Never gives the memory back: the device cannot be stopped.
  func leak() { memory.leak() }

  @inline(__always)
  private func place(_ head: UInt16) -> Int { Self.size &* Int(head) }

  @inline(__always)
  func statusByte(_ head: UInt16) -> UInt8 { memory[place(head) &+ 32] }

  /// Writes what the device needs to know of a request.
  ///
  /// - Returns: Where the header stands: type, 32 bits unused, sector. The
  ///   range stands 16 bytes further: sector, count, flags; and the status 32
  ///   bytes further.
  @inline(__always)
  func prepare(_ head: UInt16, for request: BlockRequest) -> UInt64 {
    let (place, operation) = (place(head), request.operation)
    memory.store64(operation.code, at: place)
    let hasSector = operation == .read || operation == .write
    memory.store64(hasSector ? request.startSector : 0, at: place &+ 8)
    memory[place &+ 32] = BlockStatus.missing
    if operation.hasRange { prepareRange(place, request) }
    return memory.address &+ UInt64(truncatingIfNeeded: place)
  }

  /// The same, for requests that few make.
  @inline(never)
  func prepareUnusual(_ head: UInt16, for request: BlockRequest) -> UInt64 {
    prepare(head, for: request)
  }

  private func prepareRange(_ place: Int, _ request: BlockRequest) {
    memory.store64(request.startSector, at: place &+ 16)
    // The count was checked: no device takes more than 32 bits of it.
    memory.store64(request.sectorCount & 0xFFFF_FFFF, at: place &+ 24)
  }
}

extension BlockRequest {
  /// A stretch of memory that a device reads or writes.
  struct Part {
    let address: UInt64
    let size: UInt32
    let isWritable: Bool
  }

  /// How many stretches a device is told of: the header, the range or the
  /// memory, the status.
  var partCount: Int { 2 &+ segmentCount &+ (operation.hasRange ? 1 : 0) }

  /// The stretch at `index`; what the device needs to know is at `header`.
  @inline(never)
  func part(_ index: Int, _ header: UInt64) -> Part {
    if index == 0 { return Part(address: header, size: 16, isWritable: false) }
    if index == partCount &- 1 {
      return Part(address: header &+ 32, size: 1, isWritable: true)
    }
    guard !operation.hasRange else {
      return Part(address: header &+ 16, size: 16, isWritable: false)
    }
    let (place, count) =
      index == 1
      ? (address, size)
      : (moreSegments[index &- 2].address, moreSegments[index &- 2].count)
    return Part(
      address: place, size: UInt32(truncatingIfNeeded: count),
      isWritable: operation.isReading)
  }

  /// All of them, as descriptors in `memory`.
  @inline(never)
  func makeTable(in memory: DMABuffer, _ header: UInt64) -> DescriptorTable {
    var table = DescriptorTable(in: memory)
    for index in 0..<partCount {
      let part = part(index, header)
      table.append(part.address, count: part.size, isWritable: part.isWritable)
    }
    return table
  }

  /// Memory for descriptors: made once, and kept.
  @inline(never)
  func tableMemory() -> DMABuffer? {
    if let table { return table }
    table = try? DMABuffer(count: 16 * (segmentCount + 2))
    return table
  }
}
