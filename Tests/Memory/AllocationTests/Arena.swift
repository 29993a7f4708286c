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

/// Numbers that look random and are the same for the same seed: SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: UInt64) -> UInt64 { (next() >> 16) % bound }
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
