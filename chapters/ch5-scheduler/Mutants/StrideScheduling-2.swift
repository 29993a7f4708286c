// Misses the point: a turn costs more, not less, with more tickets.
// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 5.3: shares of the hart. See `make hint EX=5.3`.

import Scheduling

/// Each thread has tickets, and gets as many turns as it has tickets.
///
/// A thread has one ticket more than the level of its priority. It pays for a
/// turn with a stride, which is long if its tickets are few. The sum of what it
/// has paid is its pass: the thread with the lowest pass is next.
///
///     tickets   stride   passes of its turns
///        1        4      0               4               8
///        2        2      0       2       4       6       8
///        4        1      0   1   2   3   4   5   6   7   8
///
/// The pass is the record's `policyWord`, which is 0 in a new thread. A pass
/// may wrap around: which of two is lower, their signed difference tells.
///
/// Waldspurger and Weihl, "Stride Scheduling", 1995. The threads stand in a
/// plain line, and the lowest pass is found by looking at each of them: a
/// heap would be faster if there are many.
public struct Stride: SchedulingPolicy {
  public static var name: StaticString { "stride" }
  /// One millisecond.
  public static var timeSlice: UInt64? { 1_000_000 }

  private var queue = ThreadList()
  /// The pass of the thread that ran last, before it paid.
  private var lastPass: UInt64 = 0

  public init() {}

  public var isEmpty: Bool { queue.isEmpty }

  public mutating func remove(_ thread: ThreadReference) {
    queue.remove(thread)
  }

  /// Puts a thread at the end of the line: a new one, one that has waited, or
  /// one that has had its turn.
  ///
  /// No thread saves up turns: its pass becomes no lower than that at which the
  /// thread was taken that ran last.
  public mutating func add(_ thread: ThreadReference) {
    settle(thread)
    queue.append(thread)
  }

  /// Puts a thread before all others whose turn is not over: what it has paid
  /// for the turn, it gets back.
  public mutating func putBack(_ thread: ThreadReference) {
    thread.record.policyWord &-= stride(of: thread)
    settle(thread)
    queue.prepend(thread)
  }

  /// Takes out the thread with the lowest pass, which pays its stride: 1 << 20
  /// divided by its tickets. Among equals, it is the first in the line.
  public mutating func takeNext() -> ThreadReference? {
    guard let next = lowest else { return nil }
    queue.remove(next)
    lastPass = next.record.policyWord
    next.record.policyWord &+= stride(of: next)
    return next
  }

  private var lowest: ThreadReference? {
    var lowest = queue.first
    var candidate = lowest?.record.next
    while let thread = candidate {
      if let best = lowest, thread.pass(isBefore: best.record.policyWord) {
        lowest = thread
      }
      candidate = thread.record.next
    }
    return lowest
  }

  private func stride(of thread: ThreadReference) -> UInt64 {
    UInt64(thread.record.priority.level) + 1
  }

  /// After a wrap-around, a new thread's 0 could be anywhere.
  private func settle(_ thread: ThreadReference) {
    if thread.record.policyWord == 0 || thread.pass(isBefore: lastPass) {
      thread.record.policyWord = lastPass
    }
  }
}

extension ThreadReference {
  fileprivate func pass(isBefore pass: UInt64) -> Bool {
    Int64(bitPattern: record.policyWord &- pass) < 0
  }
}
