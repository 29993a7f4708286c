// SPDX-License-Identifier: BSD-3-Clause

/// Where the parts of a queue lie in its memory, in bytes from its start.
///
///     descriptors, 16 bytes each
///     available ring: flags, index, entries, the used event
///     — the next page —
///     used ring: flags, index, entries, the available event
///     the driver's own notes, 8 bytes for each descriptor
///
/// Version 1 of the transport wants the used ring on a page of its own, and
/// the rest where it is; version 2 does not mind.
struct QueueLayout {
  private let mask: UInt16
  let available: Int
  let usedEvent: Int
  let used: Int
  let availableEvent: Int
  private let slots: Int
  /// How many bytes all of it takes.
  let end: Int

  init(size: Int) {
    mask = UInt16(size - 1)
    available = Descriptor.size * size
    usedEvent = available + 4 + 2 * size
    used = (usedEvent + 2 + 4095) & ~4095
    availableEvent = used + 4 + 8 * size
    slots = (availableEvent + 2 + 7) & ~7
    end = slots + 8 * size
  }

  /// The place for the chain with this number since the start.
  @inline(__always)
  func availableEntry(_ number: UInt16) -> Int {
    available &+ 4 &+ 2 &* Int(number & mask)
  }

  /// The same in the used ring.
  @inline(__always)
  func usedEntry(_ number: UInt16) -> Int {
    used &+ 4 &+ 8 &* Int(number & mask)
  }

  /// What the driver knows of a descriptor: the number of the next one in bits
  /// 0 to 15; if a chain begins there that the device has, how many
  /// descriptors it takes in bits 16 to 31, and how many bytes the device may
  /// write in bits 32 to 63.
  @inline(__always)
  func slot(_ number: UInt16) -> Int { slots &+ 8 &* Int(number & mask) }
}

/// One entry of the table of descriptors: an address, then a length of 32
/// bits, flags of 16 bits and the next one's number of 16 bits.
enum Descriptor {
  static let size = 16
  // Where the flags stand in the second word.
  static let hasNext: UInt64 = 1 << 32
  static let isWritable: UInt64 = 2 << 32
  static let isTable: UInt64 = 4 << 32
}
