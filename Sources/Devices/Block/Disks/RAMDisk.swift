// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Virtio

/// A disk in memory: as quick as copying, and forgotten with the power.
///
/// It does a request at once, while interrupts are off, and never interrupts.
/// A request may therefore not be larger than 1 MiB, which takes as long as
/// about 300,000 instructions.
public final class RAMDisk: BlockDevice, @unchecked Sendable {
  private static let mostSectors: UInt64 = 2048

  private let memory: DMABuffer
  private let name: StaticString

  /// A disk whose sectors are `memory`, with what is there already. Whatever
  /// does not make a whole block at the end is left out.
  ///
  /// - Parameters:
  ///   - memory: Where the sectors lie; the disk keeps it.
  ///   - name: What `identify` answers; 20 bytes of it at most.
  ///   - sectorsPerBlock: How many sectors make a block: a power of two.
  ///   - isReadOnly: Whether nothing can be written.
  public init(
    _ memory: DMABuffer, name: StaticString = "RAM",
    sectorsPerBlock: UInt64 = 1, isReadOnly: Bool = false
  ) {
    precondition(sectorsPerBlock.nonzeroBitCount == 1)
    self.memory = memory
    self.name = name
    let sectors = UInt64(memory.count / DiskGeometry.sectorSize)
    var geometry = DiskGeometry(sectorCount: sectors & ~(sectorsPerBlock &- 1))
    geometry.sectorsPerBlock = sectorsPerBlock
    geometry.isReadOnly = isReadOnly
    geometry.maxSectors = max(Self.mostSectors, sectorsPerBlock)
    geometry.maxDiscardSectors = geometry.maxSectors
    geometry.maxZeroSectors = geometry.maxSectors
    geometry.canIdentify = true
    super.init(geometry: geometry)
  }

  /// A disk of so many sectors, all zeros: from 1 to 2 to the power of 21.
  ///
  /// - Throws: `outOfMemory`.
  public convenience init(sectorCount: Int) throws(VirtioError) {
    guard (1...1 << 21).contains(sectorCount) else { throw .outOfMemory }
    let memory = try DMABuffer(count: sectorCount * DiskGeometry.sectorSize)
    memory.clear()
    self.init(memory)
  }

  public override func start(_ request: BlockRequest, at sector: UInt64) {
    switch request.operation {
    case .flush: request.finish()
    case .identify: tellName(request)
    case .read, .write, .discard, .writeZeroes:
      let (end, count) = (geometry.sectorCount, request.sectorCount)
      guard sector <= end, count <= end &- sector else {
        return request.finish(.outOfRange)
      }
      let place = Int(truncatingIfNeeded: sector) &* DiskGeometry.sectorSize
      move(request, place)
      request.finish()
    }
  }

  private func move(_ request: BlockRequest, _ start: Int) {
    var place = start
    switch request.operation {
    case .read:
      request.forEachSegment { part in
        memory.copy(place, part.count, to: part.buffer, at: part.offset)
        place &+= part.count
      }
    case .write:
      request.forEachSegment { part in
        part.buffer.copy(part.offset, part.count, to: memory, at: place)
        place &+= part.count
      }
    default:
      let size = Int(request.sectorCount) * DiskGeometry.sectorSize
      memory.clear(start, size)
    }
  }

  /// The name, with zeros behind it.
  private func tellName(_ request: BlockRequest) {
    let name = ByteView(name)
    var index = 0
    request.forEachSegment { part in
      for place in part.offset..<part.offset + part.count {
        part.buffer[place] = index < name.count ? name[index] : 0
        index &+= 1
      }
    }
    request.finish()
  }
}

extension BlockRequest {
  /// Calls `body` with each stretch of memory.
  @inline(__always)
  func forEachSegment(_ body: (BlockSegment) -> Void) {
    if let segment { body(segment) }
    for one in moreSegments { body(one) }
  }
}
