// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// An allocator that asks for more memory when it runs out, and may be used
/// from an interrupt.
///
///     Heap<TLSFAllocator, _>(source: …)
///
///     allocate ─▶ ┌───────────┐   nothing left    ┌──────────────┐
///                 │ allocator │ ────────────────▶ │ MemorySource │
///     release ──▶ └───────────┘ ◀── FreeMemory ── └──────────────┘
///
/// Any allocator and any source make a heap; the compiler puts the parts
/// together, so that nothing is chosen while the program runs. Every call runs
/// with this hart's interrupts disabled, for as long as the allocator's takes.
public struct Heap<
  Blocks: Allocator & ~Copyable, Source: MemorySource & ~Copyable
>: ~Copyable {
  /// What is asked of the source at least: small pieces would be scattered.
  private static var smallestGrowth: UInt64 { 64 << 10 }

  var allocator: Blocks
  private var source: Source

  /// A heap that has only what it gets from `source`.
  @inline(__always)
  public init(source: consuming Source) {
    allocator = Blocks()
    self.source = source
  }

  /// Does nothing: a use that may be the first.
  func prepare() {}

  /// See `Allocator.allocate`.
  ///
  /// - Returns: Nil if the source has nothing left, either.
  /// - Precondition: `alignment` is a power of two.
  @inline(__always)
  public mutating func allocate(
    size: UInt64, alignment: UInt64
  ) -> UInt64? {
    // All that is not at hand is left to another function: so this one is
    // short, and has no registers to save.
    let wereEnabled = Hart.disableInterrupts()
    if let block = allocator.allocateAtOnce(size: size, alignment: alignment) {
      Hart.restoreInterrupts(wereEnabled)
      return block
    }
    return search(size: size, alignment: alignment, wereEnabled)
  }

  @inline(never)
  private mutating func search(
    size: UInt64, alignment: UInt64, _ wereEnabled: Bool
  ) -> UInt64? {
    defer { Hart.restoreInterrupts(wereEnabled) }
    guard let request = AllocationRequest(size: size, alignment: alignment)
    else {
      return nil
    }
    return allocator.allocate(request) ?? grow(for: request)
  }

  private mutating func grow(for request: AllocationRequest) -> UInt64? {
    guard let needed = allocator.memoryNeeded(for: request) else { return nil }
    let wanted = max(needed, Self.smallestGrowth)
    if let memory = source.memory(atLeast: wanted) {
      allocator.add(memory)
    } else if needed < wanted, let memory = source.memory(atLeast: needed) {
      allocator.add(memory)
    } else {
      return nil
    }
    return allocator.allocate(request)
  }

  /// See `Allocator.release`.
  @inline(__always)
  public mutating func release(_ address: UInt64) {
    let wereEnabled = Hart.disableInterrupts()
    guard allocator.releaseAtOnce(address) else {
      return merge(address, wereEnabled)
    }
    Hart.restoreInterrupts(wereEnabled)
  }

  @inline(never)
  private mutating func merge(_ address: UInt64, _ wereEnabled: Bool) {
    allocator.release(address)
    Hart.restoreInterrupts(wereEnabled)
  }

  /// See `Allocator.size(of:)`.
  public func size(of address: UInt64) -> UInt64 {
    Hart.withInterruptsDisabled { allocator.size(of: address) }
  }

  /// See `Allocator.resize`.
  public mutating func resize(_ address: UInt64, to size: UInt64) -> Bool {
    Hart.withInterruptsDisabled { allocator.resize(address, to: size) }
  }

  /// Gives the heap memory beside what it gets from its source.
  public mutating func add(_ memory: consuming FreeMemory) {
    let wereEnabled = Hart.disableInterrupts()
    defer { Hart.restoreInterrupts(wereEnabled) }
    allocator.add(memory)
  }

  /// What has happened so far. May walk through all free blocks.
  public var statistics: Statistics {
    Hart.withInterruptsDisabled { allocator.statistics }
  }
}
