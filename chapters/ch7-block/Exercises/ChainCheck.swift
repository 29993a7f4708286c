// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 7.1: a chain of descriptors, checked. See `make hint EX=7.1`.

import Todo

/// One entry of a queue's table: it tells a device of one stretch of memory.
///
/// Laid out as in the virtio specification 1.2, section 2.7.5.
public struct Descriptor: Sendable {
  /// The stretch's first byte.
  public var address: UInt64
  /// How many bytes it has.
  public var length: UInt32
  /// What is special about it: some of the three flags below.
  public var flags: UInt16
  /// The number of the chain's next descriptor, if there is the flag NEXT. It
  /// means nothing otherwise, and may be any number.
  public var next: UInt16

  /// The chain goes on. The specification calls it VIRTQ_DESC_F_NEXT.
  public static let hasNext: UInt16 = 1
  /// The device writes this memory, which it reads otherwise: WRITE.
  public static let isWritable: UInt16 = 2
  /// The memory is no data: it holds a table of more descriptors: INDIRECT.
  public static let isTable: UInt16 = 4

  public init(address: UInt64, length: UInt32, flags: UInt16, next: UInt16) {
    self.address = address
    self.length = length
    self.flags = flags
    self.next = next
  }
}

/// What a chain holds for the device.
public struct ChainContents: Equatable, Sendable {
  /// How many bytes it can read.
  public var readableBytes: UInt64 = 0
  /// How many bytes it can write.
  public var writableBytes: UInt64 = 0
  /// How many descriptors there are.
  public var descriptorCount = 0

  public init() {}
}

/// Why a device does not touch a chain.
public enum ChainError: Error, Equatable, Sendable {
  /// The table has no descriptor with this number.
  case noSuchDescriptor
  /// The chain has more descriptors than the table: it goes round for ever
  /// (2.7.5.2).
  case loop
  /// A descriptor has no bytes. The specification says nothing of that; QEMU's
  /// devices refuse it, and so do you.
  case empty
  /// INDIRECT and NEXT stand in one descriptor (2.7.5.3.1).
  case tableWithNext
  /// The device can read memory that comes after some that it can write
  /// (2.7.4.2).
  case readableAfterWritable
}

/// You are the device. A driver gives you the number of a chain's first
/// descriptor. It may be wrong, or lie: look before you touch any memory.
///
/// Check this chain with paper first. It begins with number 3:
///
///     number  address      length  flags        next
///        0    0x8000_4000    4096  NEXT WRITE     2
///        1    0x8000_3000     512  NEXT           0
///        2    0x8000_2010       1  WRITE          3
///        3    0x8000_2000      16  NEXT           1
///        4    0x8000_5000     512                 0
///
/// Draw its arrows. How many bytes can you read, and how many write? What is
/// wrong if number 2 has the flag NEXT as well? What if number 1 has WRITE,
/// and 0 has not?
///
/// A descriptor with INDIRECT counts as one, but neither are its bytes data
/// nor has its flag WRITE a meaning (2.7.5.3.2): its table is looked at later.
///
/// - Parameters:
///   - first: The number of the first descriptor.
///   - table: All descriptors, in any order.
/// - Returns: What the chain holds.
/// - Throws: What is wrong with the first descriptor that is wrong. If more
///   than one thing is, it is what stands first in ``ChainError``.
public func checkChain(
  from first: UInt16, in table: [Descriptor]
) throws(ChainError) -> ChainContents {
  // TODO: go from one descriptor to the next, and count. Remove `todo`.
  todo("7.1")
}
