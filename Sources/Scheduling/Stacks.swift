// SPDX-License-Identifier: BSD-3-Clause

import CHart
import Paging

/// Where stacks come from: the program chooses by type, as in
/// `Scheduler<RoundRobin, GuardedStacks>`.
public protocol StackSource: ~Copyable {
  /// A source that has handed out nothing.
  init()

  /// Memory for a stack, or nil if there is none left.
  ///
  /// - Parameter size: How many bytes; a multiple of 4096.
  /// - Returns: That many bytes, at an address that is a multiple of 16.
  mutating func allocate(size: UInt64) -> Range<UInt64>?

  /// Takes a stack back that nobody runs on.
  mutating func release(_ stack: Range<UInt64>)
}

/// Stacks from the heap. They need no page tables and no more than their size,
/// but nothing stops one that overflows before it has damaged what lies below:
/// the next trap tells.
public struct HeapStacks: StackSource {
  public init() {}

  public mutating func allocate(size: UInt64) -> Range<UInt64>? {
    guard size < 1 << 40, let memory = unsafe malloc(Int(size)) else {
      return nil
    }
    let start = UInt64(UInt(bitPattern: memory))
    return start..<start + size
  }

  public mutating func release(_ stack: Range<UInt64>) {
    unsafe free(UnsafeMutableRawPointer(bitPattern: UInt(stack.lowerBound)))
  }
}

#if arch(riscv64)
  /// Stacks of whole frames, each with a page below it that is not mapped: a
  /// thread that overflows its stack traps, before it writes to what is not
  /// its own.
  ///
  ///     ┌───────┬──────────────────────┐
  ///     │ guard │ stack    ◀── grows   │
  ///     └───────┴──────────────────────┘
  ///
  /// A function whose variables take more than a page may jump over the guard.
  public struct GuardedStacks: StackSource {
    public init() {}

    // [book: guarded-stack]
    public mutating func allocate(size: UInt64) -> Range<UInt64>? {
      guard size < 1 << 40,
        let run = try? KernelMemory.allocate(count: size / Frame.size + 1)
      else { return nil }
      let all = run.addresses
      do throws(MappingError) {
        try KernelMemory.unmap(all.lowerBound, size: Frame.size)
      } catch {
        KernelMemory.release(run)
        return nil
      }
      return all.lowerBound + Frame.size..<all.upperBound
    }
    // [book: end]

    public mutating func release(_ stack: Range<UInt64>) {
      let first = Frame(holding: stack.lowerBound - Frame.size)
      let count = UInt64(stack.count) / Frame.size + 1
      do throws(MappingError) {
        try KernelMemory.map(
          first.address, to: FrameRun(first), .readWrite)
      } catch {
        // Its table is there, for the pages beside it: this cannot happen.
        // If it does, the frames are lost, and nothing else.
        return
      }
      KernelMemory.release(FrameRun(first, count: count))
    }
  }
#endif
