// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Stacks of threads that have ended, for those that begin.
///
/// A thread cannot release the stack that it runs on, so at its end it puts it
/// here; the next thread that begins takes it, or releases the surplus.
struct StackCache<Source: StackSource & ~Copyable>: ~Copyable {
  /// How many stacks of the usual size are kept.
  private static var limit: Int { 16 }

  private var source = Source()
  private var usual = StackPile()
  private var others = StackPile()

  /// The lowest address of a stack of `size` bytes, or 0 if there is no memory
  /// for it. No thread runs on a stack that is kept here.
  @inline(__always)
  mutating func take(_ size: UInt64) -> UInt64 {
    if size == Thread.stackSize, let stack = usual.pop() { return stack }
    return allocate(size)
  }

  @inline(never)
  private mutating func allocate(_ size: UInt64) -> UInt64 {
    trim(to: Self.limit)
    return source.allocate(size: size)?.lowerBound ?? 0
  }

  /// Marks the end of an empty stack that has no guard.
  @inline(__always)
  static func mark(_ stack: UInt64) {
    if !Source.areGuarded { StackMark.set(at: stack) }
  }

  /// Whether a thread has kept within its stack so far, as far as its end
  /// tells. Costs nothing where stacks are guarded.
  @inline(__always)
  static func isWhole(_ stack: Range<UInt64>) -> Bool {
    Source.areGuarded || stack.isEmpty || StackMark.stands(at: stack.lowerBound)
  }

  /// Keeps a stack. The ending thread may still run on it until the switch.
  @inline(__always)
  mutating func putAway(_ stack: Range<UInt64>) {
    if UInt64(stack.count) == Thread.stackSize {
      usual.push(stack)
    } else {
      others.push(stack)
    }
  }

  /// Gives back all but `limit` stacks.
  mutating func trim(to limit: Int) {
    while let stack = others.popRange() { source.release(stack) }
    while usual.count > limit, let stack = usual.popRange() {
      source.release(stack)
    }
  }
}

/// What stands in the lowest words of a stack without a guard. There are
/// several, since a function may leave a part of its frame unwritten.
private enum StackMark {
  private static var words: UInt64 { 8 }
  /// No address, no small number, and no text.
  private static var value: UInt64 { 0xDEAD_57AC_0FF1_CE80 }
  /// Used within the stacks of threads.
  private static var memory: IdentityMemory { unsafe IdentityMemory() }

  @inline(never)
  static func set(at stack: UInt64) {
    for index in 0..<words { memory.store(value, at: stack + index * 8) }
  }

  @inline(never)
  static func stands(at stack: UInt64) -> Bool {
    for index in 0..<words where memory.load(stack + index * 8) != value {
      return false
    }
    return true
  }
}

/// A list of free stacks. Each keeps its end and the address of the next one
/// in its lowest words, where a thread that is about to leave does not get to.
private struct StackPile {
  private(set) var count = 0
  private var first: UInt64 = 0
  // Used within the stacks that are here.
  private let memory = unsafe IdentityMemory()

  mutating func push(_ stack: Range<UInt64>) {
    memory.store(first, at: stack.lowerBound)
    memory.store(stack.upperBound, at: stack.lowerBound + 8)
    first = stack.lowerBound
    count += 1
  }

  @inline(__always)
  mutating func pop() -> UInt64? {
    guard count > 0 else { return nil }
    let stack = first
    first = memory.load(stack)
    count -= 1
    return stack
  }

  mutating func popRange() -> Range<UInt64>? {
    let end = count > 0 ? memory.load(first + 8) : 0
    return pop().map { $0..<end }
  }
}
