// SPDX-License-Identifier: BSD-3-Clause

import Block
import Grading
import Virtio

/// A disk in memory that fails when it is told to, and makes the worst of
/// it: what it fails to read or write is spoiled.
final class FaultyDisk: BlockDevice, @unchecked Sendable {
  static let sectorCount = 16
  static let garbage: UInt8 = 0xEE

  /// How many of the next requests fail, and how.
  var failures = 0
  var error = BlockError.failed
  /// How many requests go well before those that fail.
  var delay = 0

  /// A sector that can be neither read nor written.
  var badSector: UInt64?

  /// How many requests came, of each kind; how many of them failed.
  private(set) var reads = 0
  private(set) var writes = 0
  private(set) var flushes = 0
  private(set) var failed = 0
  /// The number of the request among all disks' that failed last.
  private(set) var lastFailure = 0

  private let memory: DMABuffer
  private let clock: Clock

  /// Counts the requests of several disks.
  final class Clock {
    var time = 0
    init() {}
  }

  init?(_ clock: Clock) {
    guard let memory = try? DMABuffer(count: Self.sectorCount * 512) else {
      return nil
    }
    self.memory = memory
    self.clock = clock
    memory.clear()
    super.init(
      geometry: DiskGeometry(sectorCount: UInt64(Self.sectorCount)))
  }

  var requests: Int { reads + writes + flushes }

  /// What its sectors hold: the byte at both ends, if it is the same.
  subscript(sector: Int) -> UInt8 {
    let first = memory[sector * 512]
    return first == memory[sector * 512 + 511] ? first : Self.garbage
  }

  override func start(_ request: BlockRequest, at sector: UInt64) {
    count(request)
    let isUnlucky = delay == 0 && failures > 0
    if isUnlucky { failures -= 1 }
    let sectors = sector..<sector + request.sectorCount
    let isBad = isUnlucky || badSector.map { sectors.contains($0) } ?? false
    delay = max(0, delay - 1)
    if let segment = request.segment {
      transfer(request, segment, at: Int(sector) * 512, isBad)
    }
    guard isBad else { return request.finish() }
    failed += 1
    lastFailure = clock.time
    request.finish(error)
  }

  private func count(_ request: BlockRequest) {
    clock.time += 1
    switch request.operation {
    case .read: reads += 1
    case .write: writes += 1
    default: flushes += 1
    }
  }

  private func transfer(
    _ request: BlockRequest, _ segment: BlockSegment, at place: Int,
    _ isBad: Bool
  ) {
    let (buffer, offset) = (segment.buffer, segment.offset)
    if request.operation == .read {
      memory.copy(place, segment.count, to: buffer, at: offset)
      if isBad { buffer[offset] = Self.garbage }
    } else {
      buffer.copy(offset, segment.count, to: memory, at: place)
      if isBad { memory[place] = Self.garbage }
    }
  }
}
