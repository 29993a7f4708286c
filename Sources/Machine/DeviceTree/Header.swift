// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The first 40 bytes, which say where everything else is (section 5.2).
struct Header {
  static var magic: UInt32 { 0xd00d_feed }
  static var size: Int { 40 }

  /// Where each field lies. Every one is a big-endian 32-bit number.
  enum Field: Int {
    case magic = 0
    case totalSize = 4
    case structureStart = 8
    case stringsStart = 12
    case reservationsStart = 16
    case version = 20
    case lastCompatibleVersion = 24
    case stringsSize = 32
    case structureSize = 36
  }

  let bytes: ByteView
  let totalSize: Int

  init(_ bytes: ByteView) throws(DeviceTreeError) {
    guard bytes.bigEndian32(at: 0) == Self.magic else {
      throw DeviceTreeError(.notADeviceTree, at: 0)
    }
    guard bytes.count >= Self.size else {
      throw DeviceTreeError(.endsTooEarly, at: bytes.count)
    }
    self.bytes = bytes
    totalSize = Int(bytes.bigEndian32(at: Field.totalSize.rawValue) ?? 0)
    guard totalSize >= Self.size, totalSize <= bytes.count else {
      throw Self.error(.blockOutside, in: .totalSize)
    }
    guard self[.version] >= 17 else {
      throw Self.error(.unsupportedVersion, in: .version)
    }
    // A later version is readable as long as it says that 17 may read it.
    guard self[.lastCompatibleVersion] <= 17 else {
      throw Self.error(.unsupportedVersion, in: .lastCompatibleVersion)
    }
  }

  /// The number in `field`.
  subscript(field: Field) -> Int {
    Int(bytes.bigEndian32(at: field.rawValue) ?? 0)
  }

  /// The bytes of a block, given the fields of its start and its size. A
  /// block without a size may reach to the end.
  func block(
    at start: Field, size: Field?, alignment: Int
  ) throws(DeviceTreeError) -> Range<Int> {
    let first = self[start]
    guard first >= Self.size, first <= totalSize else {
      throw Self.error(.blockOutside, in: start)
    }
    guard first % alignment == 0 else {
      throw Self.error(.misaligned, in: start)
    }
    guard let size else { return first..<totalSize }
    let count = self[size]
    guard count <= totalSize - first else {
      throw Self.error(.blockOutside, in: size)
    }
    return first..<first + count
  }

  private static func error(
    _ kind: DeviceTreeError.Kind, in field: Field
  ) -> DeviceTreeError {
    DeviceTreeError(kind, at: field.rawValue)
  }
}
