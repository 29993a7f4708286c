// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The first 40 bytes, which say where everything else is (section 5.2).
struct Header {
  static var magic: UInt32 { 0xd00d_feed }
  static var size: Int { 40 }
  static var version: UInt32 { 17 }

  // Where each field lies. Every one is a big-endian 32-bit number.
  static var magicOffset: Int { 0 }
  static var totalSizeOffset: Int { 4 }
  static var structureOffset: Int { 8 }
  static var stringsOffset: Int { 12 }
  static var reservationsOffset: Int { 16 }
  static var versionOffset: Int { 20 }
  static var lastCompatibleOffset: Int { 24 }
  static var stringsSize: Int { 32 }
  static var structureSize: Int { 36 }

  let bytes: ByteView
  let totalSize: Int

  init(_ bytes: ByteView) throws(DeviceTreeError) {
    guard bytes.bigEndian32(at: Self.magicOffset) == Self.magic else {
      throw DeviceTreeError(.notADeviceTree, at: Self.magicOffset)
    }
    guard bytes.count >= Self.size else {
      throw DeviceTreeError(.endsTooEarly, at: bytes.count)
    }
    self.bytes = bytes
    totalSize = Int(bytes.bigEndian32(at: Self.totalSizeOffset) ?? 0)
    guard totalSize >= Self.size, totalSize <= bytes.count else {
      throw DeviceTreeError(.blockOutside, at: Self.totalSizeOffset)
    }
    guard try field(at: Self.versionOffset) >= Self.version else {
      throw DeviceTreeError(.unsupportedVersion, at: Self.versionOffset)
    }
    // A later version is readable as long as it says that 17 may read it.
    guard try field(at: Self.lastCompatibleOffset) <= Self.version else {
      throw DeviceTreeError(.unsupportedVersion, at: Self.lastCompatibleOffset)
    }
  }

  func field(at offset: Int) throws(DeviceTreeError) -> Int {
    guard let number = bytes.bigEndian32(at: offset) else {
      throw DeviceTreeError(.endsTooEarly, at: offset)
    }
    return Int(number)
  }

  /// The bytes of a block whose offset, and size if it has one, stand in the
  /// fields given. A block without a size may reach to the end.
  func block(
    at offsetField: Int, size sizeField: Int?, alignment: Int
  ) throws(DeviceTreeError) -> Range<Int> {
    let start = try field(at: offsetField)
    guard start >= Self.size, start <= totalSize else {
      throw DeviceTreeError(.blockOutside, at: offsetField)
    }
    guard start % alignment == 0 else {
      throw DeviceTreeError(.misaligned, at: offsetField)
    }
    guard let sizeField else { return start..<totalSize }
    let size = try field(at: sizeField)
    guard size <= totalSize - start else {
      throw DeviceTreeError(.blockOutside, at: sizeField)
    }
    return start..<start + size
  }
}
