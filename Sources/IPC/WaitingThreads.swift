// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// Threads that wait for the same thing: the most urgent one first, and those
/// of one priority in the order in which they came.
///
///     first ─▶ 24 ⇄ 24 ⇄ 16 ⇄ 16 ⇄ 16 ◀─ last
///
/// Who comes with the usual priority goes to the end at once; only a more
/// urgent thread walks past others. Interrupts are off while it is changed.
///
/// A thread whose time is over stays here until it runs and takes itself out;
/// who wakes threads skips it.
struct WaitingThreads {
  private(set) var first: ThreadReference?
  private var last: ThreadReference?

  @inline(__always)
  var isEmpty: Bool { first == nil }

  /// Puts a thread behind all that are as urgent.
  mutating func insert(_ thread: ThreadReference) {
    var before = last
    while let one = before, one.record.priority < thread.record.priority {
      before = one.record.previousWaiting
    }
    let after = before == nil ? first : before?.record.nextWaiting
    thread.record.previousWaiting = before
    thread.record.nextWaiting = after
    if let before { before.record.nextWaiting = thread } else { first = thread }
    if let after { after.record.previousWaiting = thread } else { last = thread }
  }

  /// Takes out a thread that is here.
  mutating func remove(_ thread: ThreadReference) {
    let (before, after) =
      (thread.record.previousWaiting, thread.record.nextWaiting)
    if let before { before.record.nextWaiting = after } else { first = after }
    if let after { after.record.previousWaiting = before } else { last = before }
  }

  /// Wakes the first thread whose time is not over, and takes it out.
  mutating func wakeFirst(_ dispatcher: Dispatcher) -> ThreadReference? {
    var next = first
    while let thread = next {
      next = thread.record.nextWaiting
      if dispatcher.wake(thread) {
        remove(thread)
        return thread
      }
    }
    return nil
  }
}
