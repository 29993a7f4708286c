// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// The calls of a thread that has nothing else to do until they are done. Each
/// makes a request, which `perform` lets one do without.
extension BlockDevice {
  /// Does what `request` says; returns when it is done. Others run meanwhile.
  ///
  /// - Throws: What is wrong with it, or why it has failed.
  public func perform(_ request: BlockRequest) throws(BlockError) {
    try request.submit(to: self)
    try request.wait()
  }

  /// Reads sectors from `sector` on, as many as fill `buffer`.
  ///
  /// - Throws: Why it has failed; what is in the buffer means nothing then.
  public func read(
    _ sector: UInt64, into buffer: DMABuffer
  ) throws(BlockError) {
    let segment = BlockSegment(buffer, count: buffer.count)
    try perform(BlockRequest(.read, sector: sector, segment))
  }

  /// Writes `buffer` to sectors from `sector` on.
  ///
  /// It lasts once a later ``flush()`` has returned.
  ///
  /// - Throws: Why it has failed; any of the sectors may have changed then.
  public func write(
    _ sector: UInt64, from buffer: DMABuffer
  ) throws(BlockError) {
    let segment = BlockSegment(buffer, count: buffer.count)
    try perform(BlockRequest(.write, sector: sector, segment))
  }

  /// Returns when all that was written before would survive a loss of power.
  ///
  /// - Throws: Why it has failed.
  public func flush() throws(BlockError) { try perform(BlockRequest(.flush)) }

  /// Tells the device that the contents of sectors are no longer needed.
  ///
  /// - Throws: Why it has failed: `unsupported`, above all.
  public func discard(
    _ sector: UInt64, sectorCount: UInt64
  ) throws(BlockError) {
    try perform(
      BlockRequest(.discard, sector: sector, sectorCount: sectorCount))
  }

  /// Fills sectors with zeros, without moving them.
  ///
  /// - Throws: Why it has failed: `unsupported`, above all.
  public func writeZeroes(
    _ sector: UInt64, sectorCount: UInt64
  ) throws(BlockError) {
    try perform(
      BlockRequest(.writeZeroes, sector: sector, sectorCount: sectorCount))
  }

  /// The device's name: the serial number that it was given.
  ///
  /// - Returns: Up to 20 bytes of ASCII.
  /// - Throws: Why it has failed: `unsupported`, above all.
  public func identify() throws(BlockError) -> ShortName {
    let buffer: DMABuffer
    do throws(VirtioError) {
      buffer = try DMABuffer(count: 20)
    } catch {
      throw .outOfMemory
    }
    try perform(BlockRequest(.identify, BlockSegment(buffer, count: 20)))
    var name = ShortName()
    while name.count < 20, buffer[name.count] != 0 {
      name.append(UInt16(buffer[name.count]))
    }
    return name
  }
}
