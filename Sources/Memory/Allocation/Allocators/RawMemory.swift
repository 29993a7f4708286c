// SPDX-License-Identifier: BSD-3-Clause

/// Raw access of the allocators to memory, by address.
///
/// Safe only for addresses inside memory that was given to the allocator as
/// `FreeMemory`, outside of blocks in use. An allocator computes no others,
/// unless a caller releases an address that is not that of its block, or
/// writes outside of its block: ``DebugAllocator`` finds such callers.
enum RawMemory {
  /// The eight bytes at `address`, a multiple of 8.
  @inline(__always)
  static subscript(address: UInt64) -> UInt64 {
    get { unsafe pointer(address).pointee }
    set { unsafe pointer(address).pointee = newValue }
  }

  /// One byte, at any address.
  static subscript(byte address: UInt64) -> UInt8 {
    get { unsafe raw(address).load(as: UInt8.self) }
    set { unsafe raw(address).storeBytes(of: newValue, as: UInt8.self) }
  }

  /// Fills `addresses` with one byte.
  static func fill(_ addresses: Range<UInt64>, with byte: UInt8) {
    unsafe raw(addresses.lowerBound).initializeMemory(
      as: UInt8.self, repeating: byte, count: addresses.count)
  }

  /// Copies bytes between blocks that do not overlap.
  static func copy(from: UInt64, to: UInt64, count: UInt64) {
    unsafe raw(to).copyMemory(
      from: raw(from), byteCount: Int(truncatingIfNeeded: count))
  }

  /// The first of `addresses` whose byte is not `byte`, or nil.
  static func firstOther(
    than byte: UInt8, in addresses: Range<UInt64>
  ) -> UInt64? {
    var address = addresses.lowerBound
    let word = UInt64(byte) &* 0x0101_0101_0101_0101
    while address & 7 == 0, address + 8 <= addresses.upperBound,
      self[address] == word
    { address += 8 }
    while address < addresses.upperBound {
      guard self[byte: address] == byte else { return address }
      address += 1
    }
    return nil
  }

  @inline(__always)
  private static func pointer(
    _ address: UInt64
  ) -> UnsafeMutablePointer<UInt64> {
    // No allocator uses the address 0: FreeMemory.trimmed sees to it.
    unsafe UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: address))
      .unsafelyUnwrapped
  }

  @inline(__always)
  private static func raw(_ address: UInt64) -> UnsafeMutableRawPointer {
    unsafe UnsafeMutableRawPointer(pointer(address))
  }
}
