// Misses the point: a disk that has failed is asked again for the next request.
// SPDX-License-Identifier: BSD-3-Clause

import Block
import Virtio

public final class Mirror {
  private let first: BlockDevice
  private let second: BlockDevice
  private var leftOut: BlockDevice?
  private var hasFailed = false

  public init(_ first: BlockDevice, _ second: BlockDevice) {
    precondition(first.geometry == second.geometry)
    self.first = first
    self.second = second
  }

  public var isWhole: Bool {
    leftOut == nil
  }

  public func read(
    _ sector: UInt64, into buffer: DMABuffer
  ) throws(BlockError) {
    try oneOf { disk throws(BlockError) in
      try disk.read(sector, into: buffer)
    }
  }

  public func write(
    _ sector: UInt64, from buffer: DMABuffer
  ) throws(BlockError) {
    try all { disk throws(BlockError) in
      try disk.write(sector, from: buffer)
    }
  }

  public func flush() throws(BlockError) {
    try all { disk throws(BlockError) in try disk.flush() }
  }

  public func rebuild() throws(BlockError) {
    guard let new = leftOut else { return }
    let old = new === first ? second : first
    let geometry = old.geometry
    let block = try buffer(count: geometry.blockSize)
    var sector: UInt64 = 0
    while sector < geometry.sectorCount {
      try old.read(sector, into: block)
      try new.write(sector, from: block)
      sector += geometry.sectorsPerBlock
    }
    try new.flush()
    leftOut = nil
  }

  private func all(
    _ work: (BlockDevice) throws(BlockError) -> Void
  ) throws(BlockError) {
    hasFailed = false
    for disk in [first, second] where disk !== leftOut {
      do throws(BlockError) {
        try work(disk)
      } catch {
        try leaveOut(disk, error)
      }
    }
  }

  private func oneOf(
    _ work: (BlockDevice) throws(BlockError) -> Void
  ) throws(BlockError) {
    hasFailed = false
    for disk in [first, second] where disk !== leftOut {
      do throws(BlockError) {
        return try work(disk)
      } catch {
        try leaveOut(disk, error)
      }
    }
  }

  private func leaveOut(
    _ disk: BlockDevice, _ error: BlockError
  ) throws(BlockError) {
    guard error.isOfDisk, !hasFailed else { throw error }
    hasFailed = true
  }

  private func buffer(count: Int) throws(BlockError) -> DMABuffer {
    do throws(VirtioError) {
      return try DMABuffer(count: count)
    } catch {
      throw .outOfMemory
    }
  }
}

extension BlockError {
  fileprivate var isOfDisk: Bool {
    switch self {
    case .failed, .timedOut, .broken, .outOfMemory: true
    default: false
    }
  }
}
