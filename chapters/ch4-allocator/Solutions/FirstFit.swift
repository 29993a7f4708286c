// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 4.3: first fit, merged. See `make hint EX=4.3`.

import Allocation
import Hart
//@ solution
//@ stub
//| import Todo
//@ end

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
    //@ solution
    let size = Self.header + usableSize(for: request.size)
    var previous: UInt64 = 0
    var block = first
    while block != 0 {
      let address = (block + Self.header).aligned(to: request.alignment)
      let gap = address - Self.header - block
      if gap + size <= memory.load(block) {
        take(size, behind: gap, of: block, after: previous)
        counters.allocated(size - Self.header)
        return address
      }
      previous = block
      block = next(block)
    }
    return counters.refused()
    //@ stub
    //| // TODO: go through the free blocks; split the first one that will do.
    //| // Remove `todo`.
    //| todo("4.3")
    //@ end
  }

  /// Puts the block back into the list, and makes it one with its free
  /// neighbours.
  public mutating func release(_ address: UInt64) {
    //@ solution
    counters.released(size(of: address))
    insert(address - Self.header, memory.load(address - Self.header))
    //@ stub
    //| // TODO: where in the list is its place? What touches it? Remove `todo`.
    //| todo("4.3")
    //@ end
  }

  /// The memory becomes a free block like one that is released. It may touch
  /// memory that was added before.
  public mutating func add(_ memory: consuming FreeMemory) {
    guard let addresses = memory.trimmed(minimum: 32) else { return }
    let size = addresses.upperBound - addresses.lowerBound
    counters.added(size)
    //@ solution
    insert(addresses.lowerBound, size)
    //@ stub
    //| // TODO: the same as for a block that is released. Remove `todo`.
    //| todo("4.3")
    //@ end
  }
  //@ solution

  /// Makes a block of the `size` bytes behind the first `gap` bytes of a free
  /// block, which follows the free block `previous`.
  private mutating func take(
    _ size: UInt64, behind gap: UInt64, of block: UInt64,
    after previous: UInt64
  ) {
    let taken = block + gap
    let rest = memory.load(block) - gap - size
    var next = next(block)
    if rest > 0 {
      setFree(taken + size, rest, next: next)
      next = taken + size
    }
    if gap > 0 {
      setFree(block, gap, next: next)
    } else {
      setNext(of: previous, next)
    }
    memory.store(size, at: taken)
  }

  private mutating func insert(_ block: UInt64, _ size: UInt64) {
    var previous: UInt64 = 0
    var behind = first
    while behind != 0, behind < block {
      previous = behind
      behind = next(behind)
    }
    var size = size
    if behind != 0, block + size == behind {
      size += memory.load(behind)
      behind = next(behind)
    }
    guard previous != 0, previous + memory.load(previous) == block else {
      setFree(block, size, next: behind)
      return setNext(of: previous, block)
    }
    setFree(previous, memory.load(previous) + size, next: behind)
  }

  private func next(_ block: UInt64) -> UInt64 { memory.load(block + 8) }

  private func setFree(_ block: UInt64, _ size: UInt64, next: UInt64) {
    memory.store(size, at: block)
    memory.store(next, at: block + 8)
  }

  /// Sets the free block behind `block`, or the first one if `block` is 0.
  private mutating func setNext(of block: UInt64, _ next: UInt64) {
    if block == 0 { first = next } else { memory.store(next, at: block + 8) }
  }
  //@ stub
  //@ end

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
