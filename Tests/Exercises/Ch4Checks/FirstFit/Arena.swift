// SPDX-License-Identifier: BSD-3-Clause

import Allocation
import Console
import Exercise_4_3
import Grading
import Hart

/// Memory for one check, in the midst of words that an allocator must leave
/// alone.
@safe
final class Arena {
  /// What every word holds at first.
  static let filling: UInt64 = 0xA5A5_A5A5_A5A5_A5A5
  private static let margin = 256

  private let buffer: UnsafeMutableRawBufferPointer
  // Used at addresses of the buffer.
  private let memory = unsafe IdentityMemory()

  /// `count` bytes, a multiple of 8, at a multiple of 4096.
  init(_ count: Int) {
    unsafe buffer = .allocate(
      byteCount: count + 2 * 4096, alignment: 4096)
    fill(all, with: Self.filling)
  }

  deinit { unsafe buffer.deallocate() }

  private var start: UInt64 {
    UInt64(UInt(bitPattern: unsafe buffer.baseAddress)) + 4096
  }

  var addresses: Range<UInt64> {
    start..<(start + UInt64(unsafe buffer.count) - 2 * 4096)
  }

  private var all: Range<UInt64> {
    let margin = UInt64(Self.margin)
    let addresses = addresses
    return (addresses.lowerBound - margin)..<(addresses.upperBound + margin)
  }

  /// The bytes in `part`, counted from the first; a check gives none away
  /// twice.
  func part(_ part: Range<UInt64>) -> FreeMemory {
    unsafe FreeMemory(
      addresses: (start + part.lowerBound)..<(start + part.upperBound))
  }

  /// All of it.
  var whole: FreeMemory { unsafe FreeMemory(addresses: addresses) }

  /// Whether a block of so many bytes lies inside.
  func holds(_ address: UInt64, _ size: UInt64) -> Bool {
    addresses.contains(address) && addresses.upperBound - address >= size
  }

  func fill(_ range: Range<UInt64>, with value: UInt64) {
    var address = range.lowerBound
    while address < range.upperBound {
      memory.store(value, at: address)
      address += 8
    }
  }

  /// The first word in the range that is not `value`.
  func firstOther(than value: UInt64, in range: Range<UInt64>) -> UInt64? {
    var address = range.lowerBound
    while address < range.upperBound {
      if memory.load(address) != value { return address }
      address += 8
    }
    return nil
  }

  /// How many words are no longer as they were at first.
  var touchedWords: Int {
    var count = 0
    var address = addresses.lowerBound
    while address < addresses.upperBound {
      if memory.load(address) != Self.filling { count += 1 }
      address += 8
    }
    return count
  }

  /// A word outside that was written to.
  var damage: UInt64? {
    let (inner, outer) = (addresses, all)
    return firstOther(
      than: Self.filling, in: outer.lowerBound..<inner.lowerBound)
      ?? firstOther(
        than: Self.filling, in: inner.upperBound..<outer.upperBound)
  }
}
