// SPDX-License-Identifier: BSD-3-Clause

/// A memory allocator: hands out blocks of memory and takes them back.
///
///     FreeMemory ──add──▶ ┌───────────┐ ──allocate──▶ address
///                         │ allocator │
///                         └───────────┘ ◀──release─── address
///
/// Addresses are plain numbers, so an allocator runs on the host as it does on
/// the board. None of its methods may be interrupted by another one of the same
/// allocator: a `Heap` sees to that, and may be used from an interrupt.
///
/// Usable sizes of one allocator differ by multiples of 16 bytes, and blocks
/// are aligned to 16 bytes at least.
public protocol Allocator: ~Copyable {
  /// An allocator without any memory.
  init()

  /// Allocates a block that overlaps no other block in use.
  ///
  /// - Returns: The block's address, or nil if there is none; then nothing has
  ///   changed.
  mutating func allocate(_ request: AllocationRequest) -> UInt64?

  /// A block that is at hand without a search, for a few instructions; nil
  /// most often, which says nothing about what `allocate` can find.
  ///
  /// - Precondition: `alignment` is a power of two. The size may be anything.
  mutating func allocateAtOnce(size: UInt64, alignment: UInt64) -> UInt64?

  /// Takes a block back if that is a matter of a few instructions.
  ///
  /// - Returns: Whether it was. If not, `release` must be called.
  /// - Precondition: That of `release`.
  mutating func releaseAtOnce(_ address: UInt64) -> Bool

  /// Takes a block back.
  ///
  /// - Precondition: `address` comes from `allocate` of this allocator, and has
  ///   not been released since. (`DebugAllocator` finds out.)
  mutating func release(_ address: UInt64)

  /// How many bytes of a block may be used: what was asked for, or more.
  ///
  /// - Precondition: The block at `address` is in use.
  func size(of address: UInt64) -> UInt64

  /// Makes a block longer or shorter where it lies.
  ///
  /// - Returns: Whether it now holds `size` bytes. If not, nothing has changed.
  /// - Precondition: The block at `address` is in use.
  mutating func resize(_ address: UInt64, to size: UInt64) -> Bool

  /// How many bytes a block has that was asked for with `size` bytes and no
  /// special alignment, when there is no need to give more: `size` at least.
  /// A constant or a few instructions.
  ///
  /// - Precondition: `size` is at most `AllocationRequest.limit`.
  func usableSize(for size: UInt64) -> UInt64

  /// How many bytes of fresh memory are enough to serve a request, wherever
  /// they lie; nil if none are.
  func memoryNeeded(for request: AllocationRequest) -> UInt64?

  /// Gives the allocator more memory to hand out. What is too small to be of
  /// use is lost. Apart from a few words, the memory is not touched.
  mutating func add(_ memory: consuming FreeMemory)

  /// What has happened so far. May walk through all free blocks.
  var statistics: Statistics { get }
}

extension Allocator where Self: ~Copyable {
  /// Allocates a block that overlaps no other block in use.
  ///
  /// - Parameters:
  ///   - size: Bytes, any number; 0 counts as 1.
  ///   - alignment: What the address must be a multiple of, a power of two.
  /// - Returns: The block's address, or nil if there is none or the request
  ///   makes no sense; then nothing has changed.
  public mutating func allocate(
    size: UInt64, alignment: UInt64 = 16
  ) -> UInt64? {
    guard let request = AllocationRequest(size: size, alignment: alignment)
    else {
      return nil
    }
    return allocate(request)
  }

  @inline(__always)
  public mutating func allocateAtOnce(
    size: UInt64, alignment: UInt64
  ) -> UInt64? {
    nil
  }

  @inline(__always)
  public mutating func releaseAtOnce(_ address: UInt64) -> Bool { false }

  public mutating func resize(_ address: UInt64, to size: UInt64) -> Bool {
    size <= self.size(of: address)
  }
}

/// The size and alignment that a caller asks for, checked.
public struct AllocationRequest {
  /// No block is larger: 64 GiB less a little. Sums of a few such numbers
  /// cannot overflow.
  public static let limit: UInt64 = 1 << 36 - 4096

  /// Bytes, from 1 to the limit.
  public let size: UInt64
  /// A power of two, from 16 up to the limit.
  public let alignment: UInt64

  /// Nil if the size is over the limit, or the alignment no power of two or
  /// over the limit.
  @inline(__always)
  public init?(size: UInt64, alignment: UInt64) {
    guard size <= Self.limit, alignment <= Self.limit, alignment != 0,
      alignment & (alignment &- 1) == 0
    else { return nil }
    self.size = max(size, 1)
    self.alignment = max(alignment, 16)
  }
}

extension UInt64 {
  /// The next multiple of `alignment`, a power of two; this number if it is
  /// one. Numbers near the end of the range must not be asked.
  @inline(__always)
  func aligned(to alignment: UInt64) -> UInt64 {
    (self &+ alignment &- 1) & ~(alignment &- 1)
  }
}
