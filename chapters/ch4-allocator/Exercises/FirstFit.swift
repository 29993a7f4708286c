// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 4.3: first fit, merged. See `make hint EX=4.3`.

import Allocation
import Hart
import Todo

/// Blocks of any size, cut from the lowest free block that is large enough.
///
///     first ─▶ ┌──────┬──────┬───────┐         ┌──────┬──────┬───────┐
///     free     │ size │ next ├─ ─ ─ ─┼───────▶ │ size │ 0    │       │
///              └──────┴──────┴───────┘         └──────┴──────┴───────┘
///     in use   ┌──────┬──────┬───────────────┐
///              │ size │      │ the user's    │
///              └──────┴──────┴───────────────┘
///              ▲ block       ▲ address
///
/// A block begins with 16 bytes: its size, these 16 included, and the next free
/// block if it is free itself. The free blocks are listed in the order of their
/// addresses, and no two of them touch: they would be one. All sizes and
/// addresses of blocks are multiples of 16. So whatever is left of a block is a
/// block, if only of 16 bytes, which are of use again when they are merged.
///
/// `make run-ch4 EXERCISES=mine` makes it the heap of the chapter's program. So
/// it must not need a heap itself: no array, no string, no object.
public struct FirstFit: ~Copyable, Allocator {
  /// What a block has in front of what its user gets.
  private static var header: UInt64 { 16 }

  // Used for memory that this allocator was given, and for no other.
  private let memory = unsafe IdentityMemory()
  /// The free block with the lowest address, or 0.
  private var first: UInt64 = 0
  /// Wants to be told of every call: `allocated(size)`, `released(size)`,
  /// `refused()` and `added(bytes)`, in usable bytes.
  private var counters = Statistics()

  /// An allocator without any memory.
  public init() {}

  /// Takes the lowest free block that has room for the request, and in it the
  /// lowest suitable address. What is left before and behind stays free.
  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
    // TODO: go through the free blocks; split the first one that will do.
    // Remove `todo`.
    todo("4.3")
  }

  /// Puts the block back into the list, and makes it one with its free
  /// neighbours.
  public mutating func release(_ address: UInt64) {
    // TODO: where in the list is its place? What touches it? Remove `todo`.
    todo("4.3")
  }

  /// The memory becomes a free block like one that is released. It may touch
  /// memory that was added before.
  public mutating func add(_ memory: consuming FreeMemory) {
    guard let addresses = memory.trimmed(minimum: 32) else { return }
    let size = addresses.upperBound - addresses.lowerBound
    counters.added(size)
    // TODO: the same as for a block that is released. Remove `todo`.
    todo("4.3")
  }

  // What follows is complete.

  public func size(of address: UInt64) -> UInt64 {
    memory.load(address - Self.header) - Self.header
  }

  public func usableSize(for size: UInt64) -> UInt64 {
    max(size, 1).aligned(to: 16)
  }

  public func memoryNeeded(for request: AllocationRequest) -> UInt64? {
    Self.header + usableSize(for: request.size) + request.alignment + 32
  }

  public var statistics: Statistics {
    var (free, largest): (UInt64, UInt64) = (0, 0)
    var block = first
    while block != 0 {
      let usable = memory.load(block) - Self.header
      free += usable
      largest = max(largest, usable)
      block = memory.load(block + 8)
    }
    return counters.with(free: free, largest: largest)
  }
}

extension UInt64 {
  /// The next multiple of `alignment`, a power of two; this number if it is
  /// one.
  fileprivate func aligned(to alignment: UInt64) -> UInt64 {
    (self + alignment - 1) & ~(alignment - 1)
  }
}
