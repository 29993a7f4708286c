// Misses the point: merges a block with the one behind it, never with the one
// before.
// SPDX-License-Identifier: BSD-3-Clause

import Allocation
import Hart

public struct FirstFit: ~Copyable, Allocator {
  private static var header: UInt64 { 16 }

  private let memory = unsafe IdentityMemory()
  private var first: UInt64 = 0
  private var counters = Statistics()

  public init() {}

  public mutating func allocate(_ request: AllocationRequest) -> UInt64? {
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
  }

  public mutating func release(_ address: UInt64) {
    counters.released(size(of: address))
    insert(address - Self.header, memory.load(address - Self.header))
  }

  public mutating func add(_ memory: consuming FreeMemory) {
    guard let addresses = memory.trimmed(minimum: 32) else { return }
    let size = addresses.upperBound - addresses.lowerBound
    counters.added(size)
    insert(addresses.lowerBound, size)
  }

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
    setFree(block, size, next: behind)
    setNext(of: previous, block)
  }

  private func next(_ block: UInt64) -> UInt64 { memory.load(block + 8) }

  private func setFree(_ block: UInt64, _ size: UInt64, next: UInt64) {
    memory.store(size, at: block)
    memory.store(next, at: block + 8)
  }

  private mutating func setNext(of block: UInt64, _ next: UInt64) {
    if block == 0 { first = next } else { memory.store(next, at: block + 8) }
  }

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
  fileprivate func aligned(to alignment: UInt64) -> UInt64 {
    (self + alignment - 1) & ~(alignment - 1)
  }
}
