// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Virtio

@testable import Block

/// A disk for tests that may be as large as any: sectors that nobody wrote are
/// zeros and take no memory.
final class SparseDisk: BlockDevice, @unchecked Sendable {
  private(set) var sectors: [UInt64: [UInt8]] = [:]
  private let zeros = [UInt8](repeating: 0, count: 512)
  /// What was asked of it: the operation, and where.
  private(set) var log: [(operation: BlockRequest.Operation, sector: UInt64)] =
    []
  /// How often it was told to begin.
  private(set) var pushes = 0
  /// Sectors that cannot be read.
  var badSectors: Set<UInt64> = []

  init(sectorCount: UInt64, sectorsPerBlock: UInt64 = 1) {
    var geometry = DiskGeometry(sectorCount: sectorCount)
    geometry.sectorsPerBlock = sectorsPerBlock
    geometry.maxDiscardSectors = 1000
    geometry.maxZeroSectors = 2000
    geometry.canIdentify = true
    super.init(geometry: geometry)
  }

  /// The sectors of an image.
  convenience init(image: Data) {
    self.init(sectorCount: UInt64(image.count / 512))
    let nothing = Data(zeros)
    for sector in 0..<image.count / 512 {
      let bytes = image[sector * 512..<sector * 512 + 512]
      if bytes != nothing { sectors[UInt64(sector)] = Array(bytes) }
    }
  }

  /// Another disk with the same contents.
  func copy() -> SparseDisk {
    let other = SparseDisk(sectorCount: 0)
    other.change(geometry: geometry)
    other.sectors = sectors
    return other
  }

  subscript(byte: UInt64) -> UInt8 {
    get { sectors[byte / 512]?[Int(byte % 512)] ?? 0 }
    set {
      sectors[byte / 512, default: Array(repeating: 0, count: 512)][
        Int(byte % 512)] = newValue
    }
  }

  /// The `count` bytes from the start of a sector on.
  func bytes(at byte: UInt64, count: UInt64) -> ArraySlice<UInt8> {
    let last = byte / 512 + (count + 511) / 512
    let whole = (byte / 512..<last).flatMap { sectors[$0] ?? zeros }
    return whole.prefix(Int(count))
  }

  /// The number of `size` bytes at `byte`, the lowest first.
  func number(at byte: UInt64, size: Int) -> UInt64 {
    (0..<size).reversed().reduce(0) {
      $0 << 8 | UInt64(self[byte + UInt64($1)])
    }
  }

  func put(_ number: UInt64, at byte: UInt64, size: Int) {
    for index in 0..<size {
      self[byte + UInt64(index)] = UInt8(
        truncatingIfNeeded: number >> (8 * index))
    }
  }

  override func push() { pushes += 1 }

  override func start(_ request: BlockRequest, at sector: UInt64) {
    log.append((request.operation, sector))
    let range = sector..<sector + request.sectorCount
    guard range.upperBound <= geometry.sectorCount,
      badSectors.isDisjoint(with: range)
    else { return request.finish(.failed) }
    var (place, bytes) = (sector * 512, zeros)
    request.forEachSegment { part in
      for index in part.offset..<part.offset + part.count {
        if request.operation == .read {
          if place % 512 == 0 { bytes = sectors[place / 512] ?? zeros }
          part.buffer[index] = bytes[Int(place % 512)]
        } else if request.operation == .write {
          self[place] = part.buffer[index]
        }
        place += 1
      }
    }
    request.finish()
  }
}

/// A buffer that holds `bytes`.
func buffer(_ bytes: [UInt8]) throws -> DMABuffer {
  let buffer = try DMABuffer(count: bytes.count)
  for (index, byte) in bytes.enumerated() { buffer[index] = byte }
  return buffer
}

extension DMABuffer {
  /// Everything in it.
  var bytes: [UInt8] { (0..<count).map { self[$0] } }
}
