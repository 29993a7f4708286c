// SPDX-License-Identifier: BSD-3-Clause

@testable import Allocation

/// Memory for one test, of just its size: the address sanitizer notices an
/// allocator that reaches beyond it.
@safe
final class Arena {
  private let buffer: UnsafeMutableRawBufferPointer

  /// `count` bytes at a multiple of `alignment`.
  init(_ count: Int, alignment: Int = 4096) {
    unsafe buffer = .allocate(byteCount: count, alignment: alignment)
  }

  deinit { unsafe buffer.deallocate() }

  var addresses: Range<UInt64> {
    let start = UInt64(UInt(bitPattern: unsafe buffer.baseAddress))
    return start..<(start + UInt64(unsafe buffer.count))
  }

  /// The bytes in `part`, counted from the first; a test gives none away
  /// twice.
  func memory(_ part: Range<UInt64>) -> FreeMemory {
    let start = addresses.lowerBound
    return unsafe FreeMemory(
      addresses: (start + part.lowerBound)..<(start + part.upperBound))
  }

  /// All of it.
  var memory: FreeMemory { unsafe FreeMemory(addresses: addresses) }
}

struct NoBlock: Error {}

extension Allocator where Self: ~Copyable {
  /// A block, which the test expects to get.
  mutating func block(
    of size: UInt64, alignment: UInt64 = 16
  ) throws -> UInt64 {
    guard let block = allocate(size: size, alignment: alignment) else {
      throw NoBlock()
    }
    return block
  }
}
