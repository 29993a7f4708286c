// SPDX-License-Identifier: BSD-3-Clause

/// The most urgent thread runs, always; threads of the same priority take
/// turns, a slice each.
///
///     bits of `levels`    0 … 0 1 0 0 1 0 … 0
///                               │     └──▶ the line of priority 18
///                               └────────▶ the line of priority 15
///
/// A word has one bit for each line that is not empty. The lowest bit set is
/// that of the most urgent one, found without a search, so that choosing takes
/// the same time however many threads and priorities there are.
///
/// A thread that is never done keeps all less urgent ones from running.
@frozen
public struct StrictPriority: SchedulingPolicy, ~Copyable {
  public static var name: StaticString { "strict priority" }
  /// One millisecond.
  public static var timeSlice: UInt64? { 1_000_000 }

  private var levels: UInt32 = 0
  private let lines: Lines

  public init() { lines = Lines() }

  @inline(__always)
  public var isEmpty: Bool { levels == 0 }

  /// The line of a priority: the most urgent one is the first.
  private func line(of thread: ThreadReference) -> Int {
    31 - Int(thread.record.priority.level)
  }

  public mutating func add(_ thread: ThreadReference) {
    let line = line(of: thread)
    lines[line].append(thread)
    levels |= 1 << UInt32(truncatingIfNeeded: line)
  }

  /// It has part of its slice left, so it stays before its equals.
  public mutating func putBack(_ thread: ThreadReference) {
    let line = line(of: thread)
    lines[line].prepend(thread)
    levels |= 1 << UInt32(truncatingIfNeeded: line)
  }

  public mutating func takeNext() -> ThreadReference? {
    guard levels != 0 else { return nil }
    let line = levels.trailingZeroBitCount
    let thread = lines[line].removeFirst()
    if lines[line].isEmpty { levels &= levels &- 1 }
    return thread
  }

  public mutating func rotate(_ running: ThreadReference) -> ThreadReference? {
    let line = line(of: running)
    let mostUrgent = levels.trailingZeroBitCount
    guard mostUrgent != line else { return lines[line].rotate(running) }
    guard mostUrgent < line, let next = takeNext() else { return nil }
    add(running)
    return next
  }

  public mutating func remove(_ thread: ThreadReference) {
    let line = line(of: thread)
    lines[line].remove(thread)
    if lines[line].isEmpty {
      levels &= ~(1 << UInt32(truncatingIfNeeded: line))
    }
  }

  @inline(__always)
  public static func isUrgent(
    _ thread: ThreadReference, over running: ThreadReference
  ) -> Bool { thread.record.priority > running.record.priority }
}

/// A line for each of 32 priorities, which stays where it is: a large array
/// inside the policy would be copied around.
@frozen @usableFromInline @safe
struct Lines: ~Copyable {
  private let start: UnsafeMutablePointer<ThreadList>

  init() {
    unsafe start = .allocate(capacity: 32)
    unsafe start.initialize(repeating: ThreadList(), count: 32)
  }

  deinit { unsafe start.deallocate() }

  subscript(index: Int) -> ThreadList {
    unsafeAddress { unsafe UnsafePointer(start + index & 31) }
    nonmutating unsafeMutableAddress { unsafe start + index & 31 }
  }
}
