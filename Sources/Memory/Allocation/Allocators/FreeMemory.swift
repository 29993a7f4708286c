// SPDX-License-Identifier: BSD-3-Clause

/// Unused memory, which only the owner of this value may use.
///
/// It cannot be copied, so an allocator that has been given it is the only one
/// that has it. The addresses alone are numbers and prove nothing.
@safe
public struct FreeMemory: ~Copyable {
  /// The first address and the one after the last.
  public let addresses: Range<UInt64>

  /// The memory at `addresses`.
  ///
  /// - Precondition: These bytes can be read and written, and no variable, no
  ///   stack, no device and no other value of this type holds them. This lasts
  ///   until the program ends.
  @unsafe
  public init(addresses: Range<UInt64>) {
    self.addresses = addresses
  }

  /// The memory without what lies outside of whole multiples of 16, or nil if
  /// fewer than `minimum` bytes would be left. More than an allocator can
  /// handle in one piece is cut off.
  public func trimmed(minimum: UInt64) -> Range<UInt64>? {
    guard addresses.lowerBound < UInt64.max - 16 else { return nil }
    let start = max(addresses.lowerBound.aligned(to: 16), 16)
    let end = addresses.upperBound & ~15
    guard end > start, end - start >= minimum else { return nil }
    return start..<min(end, start + AllocationRequest.limit)
  }
}

/// Where a heap gets more memory from when it runs out.
public protocol MemorySource: ~Copyable {
  /// Memory of at least `bytes` bytes, or nil if there is no more.
  ///
  /// A heap calls it with interrupts disabled.
  mutating func memory(atLeast bytes: UInt64) -> FreeMemory?
}

/// The source of a heap that has to do with what it was given.
public struct NoMoreMemory: MemorySource {
  public init() {}

  public func memory(atLeast bytes: UInt64) -> FreeMemory? { nil }
}
