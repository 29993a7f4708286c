// SPDX-License-Identifier: BSD-3-Clause

import Virtio

/// A globally unique identifier of 128 bits, such as a partition's type (UEFI
/// 2.10, appendix A).
public struct GUID: Equatable, Sendable {
  // In the order in which people write them.
  private let high: UInt64
  private let low: UInt64

  /// The parts between the hyphens, the last two as one:
  /// `GUID(0x0FC6_3DAF, 0x8483, 0x4772, 0x8E79_3D69_D847_7DE4)`.
  public init(_ a: UInt32, _ b: UInt16, _ c: UInt16, _ d: UInt64) {
    high = UInt64(a) << 32 | UInt64(b) << 16 | UInt64(c)
    low = d
  }

  /// The 16 bytes at `offset`, a multiple of 8: three numbers whose lowest
  /// byte comes first, and eight bytes as they are written.
  init(_ buffer: DMABuffer, at offset: Int) {
    self.init(
      buffer.load32(at: offset), buffer.load16(at: offset + 4),
      buffer.load16(at: offset + 6), buffer.load64(at: offset + 8).byteSwapped)
  }

  /// The partition from which firmware starts programs (section 5.3.3).
  public static var efiSystem: GUID {
    GUID(0xC12A_7328, 0xF81F, 0x11D2, 0xBA4B_00A0_C93E_C93B)
  }

  /// A partition with a file system of Linux.
  public static var linuxFiles: GUID {
    GUID(0x0FC6_3DAF, 0x8483, 0x4772, 0x8E79_3D69_D847_7DE4)
  }

  /// Whether it is all zeros, which means that there is nothing.
  var isZero: Bool { high | low == 0 }

  /// How many characters its text has.
  public var count: Int { 36 }

  /// The character at `index` of its text, in ASCII.
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    if index == 8 || index == 13 || index == 18 || index == 23 {
      return UInt8(ascii: "-")
    }
    let hyphens =
      index < 8 ? 0 : index < 13 ? 1 : index < 18 ? 2 : index < 23 ? 3 : 4
    let digit = index &- hyphens
    let half = digit < 16 ? high : low
    let value = UInt8(truncatingIfNeeded: half >> (60 - digit % 16 * 4) & 0xF)
    return value < 10 ? UInt8(ascii: "0") + value : 55 + value
  }
}
