// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// Where stacks come from: the program chooses by type, as in
/// `Scheduler<RoundRobin, GuardedStacks>`.
public protocol StackSource: ~Copyable {
  /// Whether a thread traps before it writes below its stack. If not, the
  /// scheduler looks for damage at each switch.
  static var areGuarded: Bool { get }

  /// A source that has handed out nothing.
  init()

  /// Memory for a stack, or nil if there is none left.
  ///
  /// - Parameter size: How many bytes; a multiple of 4096.
  /// - Returns: That many bytes, at an address that is a multiple of 16.
  mutating func allocate(size: UInt64) -> Range<UInt64>?

  /// Takes a stack back on which no thread runs.
  mutating func release(_ stack: Range<UInt64>)
}

extension StackSource where Self: ~Copyable {
  public static var areGuarded: Bool { false }
}

/// Stacks from the heap. They need no page tables and no more than their size,
/// but nothing stops an overflow before it has damaged what lies below:
/// the next trap or switch tells, by the lowest words of the stack, and ends the
/// machine. What a function skips without writing it is not noticed.
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
