// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Stacks of threads that have ended, for those that begin.
///
/// A thread cannot release the stack that it runs on, so at its end it puts it
/// here; the next one that begins takes it, or releases what is too many.
struct StackCache<Source: StackSource & ~Copyable>: ~Copyable {
  /// How many stacks of the usual size are kept.
  private static var limit: Int { 16 }

  private var source = Source()
  private var usual = StackPile()
  private var others = StackPile()

  /// A stack of `size` bytes, or nil if there is no memory for it. Nobody may
  /// run on a stack that is kept here.
  mutating func take(_ size: UInt64) -> Range<UInt64>? {
    if !others.isEmpty || usual.count > Self.limit { trim(to: Self.limit) }
    if size == Thread.stackSize, let stack = usual.pop() { return stack }
    return source.allocate(size: size)
  }

  /// Keeps a stack, on which somebody may still run for a moment.
  mutating func putAway(_ stack: Range<UInt64>) {
    if UInt64(stack.count) == Thread.stackSize {
      usual.push(stack)
    } else {
      others.push(stack)
    }
  }

  /// Gives back all but `limit` stacks.
  mutating func trim(to limit: Int) {
    while let stack = others.pop() { source.release(stack) }
    while usual.count > limit, let stack = usual.pop() {
      source.release(stack)
    }
  }
}

/// Stacks that nobody uses. Each keeps its end and the address of the next one
/// in its lowest words, where a thread that is about to leave does not get to.
private struct StackPile {
  private(set) var count = 0
  private var first: UInt64 = 0
  // Used within the stacks that are here.
  private let memory = unsafe IdentityMemory()

  var isEmpty: Bool { count == 0 }

  mutating func push(_ stack: Range<UInt64>) {
    memory.store(first, at: stack.lowerBound)
    memory.store(stack.upperBound, at: stack.lowerBound + 8)
    first = stack.lowerBound
    count += 1
  }

  mutating func pop() -> Range<UInt64>? {
    guard count > 0 else { return nil }
    let stack = first..<memory.load(first + 8)
    first = memory.load(first)
    count -= 1
    return stack
  }
}
