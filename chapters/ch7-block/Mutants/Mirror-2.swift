// Misses the point: a rebuild puts the disk into use before everything is
// copied.
// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 7.3: two disks that hold the same. See `make hint EX=7.3`.

import Block
import Virtio

/// Two disks of the same size that hold the same, so that one may fail.
///
///               ┌──▶ first    in use
///     write ──▶─┤
///               └──▶ second   failed once: left out until rebuild()
///
/// - A disk that fails a request is left out from then on: it is not asked for
///   anything until it is rebuilt, not even if it would work again. It has
///   missed what was written meanwhile, and would give stale data.
/// - What is written goes to both. What is read comes from one; if that one
///   fails, from the other. The caller does not notice.
/// - The last disk in use is never left out: nothing would be gained. When it
///   fails, its error is passed on to the caller, and it is asked again for
///   the next request. What a write should have changed that both have
///   failed, may be anything.
/// - Not every error is a disk's fault. If the caller wants sectors that do
///   not exist, the request is wrong, and both disks stay in use:
///   ``BlockError`` tells what is found before a device is asked, and what
///   later.
///
/// All calls come from one thread, one after the other.
public final class Mirror {
  private let first: BlockDevice
  private let second: BlockDevice
  /// The one that has failed, if one has.
  private var leftOut: BlockDevice?

  /// Two disks that hold the same, both in use.
  ///
  /// - Precondition: They have the same geometry.
  public init(_ first: BlockDevice, _ second: BlockDevice) {
    precondition(first.geometry == second.geometry)
    self.first = first
    self.second = second
  }

  /// Whether both disks are in use.
  public var isWhole: Bool {
    leftOut == nil
  }

  /// Reads sectors from `sector` on, as many as fill `buffer`.
  ///
  /// - Throws: What is wrong with the request, or why the last disk failed.
  public func read(
    _ sector: UInt64, into buffer: DMABuffer
  ) throws(BlockError) {
    try oneOf { disk throws(BlockError) in
      try disk.read(sector, into: buffer)
    }
  }

  /// Writes `buffer` to sectors from `sector` on.
  ///
  /// - Throws: What is wrong with the request, or why the last disk failed.
  public func write(
    _ sector: UInt64, from buffer: DMABuffer
  ) throws(BlockError) {
    try all { disk throws(BlockError) in
      try disk.write(sector, from: buffer)
    }
  }

  /// Returns when all that was written would survive a loss of power, on each
  /// disk that is in use.
  ///
  /// - Throws: Why the last disk failed.
  public func flush() throws(BlockError) {
    try all { disk throws(BlockError) in try disk.flush() }
  }

  /// Copies all sectors to the disk that was left out, which then is in use
  /// again. Does nothing if both are in use.
  ///
  /// - Throws: Why it did not succeed; that disk stays left out then.
  public func rebuild() throws(BlockError) {
    guard let new = leftOut else { return }
    let old = new === first ? second : first
    leftOut = nil
    let geometry = old.geometry
    let block = try buffer(count: geometry.blockSize)
    var sector: UInt64 = 0
    while sector < geometry.sectorCount {
      try old.read(sector, into: block)
      try new.write(sector, from: block)
      sector += geometry.sectorsPerBlock
    }
    try new.flush()
  }

  /// Has each disk that is in use do something.
  private func all(
    _ work: (BlockDevice) throws(BlockError) -> Void
  ) throws(BlockError) {
    for disk in [first, second] where disk !== leftOut {
      do throws(BlockError) {
        try work(disk)
      } catch {
        try leaveOut(disk, error)
      }
    }
  }

  /// Has one disk do something: the second one only if the first cannot.
  private func oneOf(
    _ work: (BlockDevice) throws(BlockError) -> Void
  ) throws(BlockError) {
    for disk in [first, second] where disk !== leftOut {
      do throws(BlockError) {
        return try work(disk)
      } catch {
        try leaveOut(disk, error)
      }
    }
  }

  /// Goes on without this disk, if that helps.
  private func leaveOut(
    _ disk: BlockDevice, _ error: BlockError
  ) throws(BlockError) {
    guard leftOut == nil, error.isOfDisk else { throw error }
    leftOut = disk
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
  /// Whether a disk has failed; else the request was wrong.
  fileprivate var isOfDisk: Bool {
    switch self {
    case .failed, .timedOut, .broken: true
    default: false
    }
  }
}
