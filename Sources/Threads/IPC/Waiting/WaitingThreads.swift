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
    guard let last else { return insertFirst(thread) }
    insert(thread, before: last)
  }

  /// Puts a thread where nobody else is.
  @inline(__always)
  mutating func insertFirst(_ thread: ThreadReference) {
    thread.record.previousWaiting = nil
    thread.record.nextWaiting = nil
    first = thread
    last = thread
  }

  private mutating func insert(
    _ thread: ThreadReference, before end: ThreadReference
  ) {
    var before: ThreadReference? = end
    while let one = before, one.record.priority < thread.record.priority {
      before = one.record.previousWaiting
    }
    let after = before == nil ? first : before?.record.nextWaiting
    thread.record.previousWaiting = before
    thread.record.nextWaiting = after
    before?.record.nextWaiting = thread
    after?.record.previousWaiting = thread
    if before == nil { first = thread }
    if after == nil { last = thread }
  }

  /// Takes out a thread that is here.
  mutating func remove(_ thread: ThreadReference) {
    let (before, after) =
      (thread.record.previousWaiting, thread.record.nextWaiting)
    before?.record.nextWaiting = after
    after?.record.previousWaiting = before
    if before == nil { first = after }
    if after == nil { last = before }
  }

  /// Wakes the first thread whose time is not over, and takes it out.
  mutating func wakeFirst(_ dispatcher: Dispatcher) -> ThreadReference? {
    guard let thread = claimFirst(dispatcher) else { return nil }
    dispatcher.finishWaking(thread)
    return thread
  }

  /// Takes out the first thread if it waits without a time-out: the usual case,
  /// which needs no call.
  @inline(__always)
  mutating func claimFirstUntimed(_ dispatcher: Dispatcher) -> ThreadReference?
  {
    guard let thread = first, dispatcher.claimUntimed(thread) else {
      return nil
    }
    removeFirst(thread)
    return thread
  }

  @inline(__always)
  private mutating func removeFirst(_ thread: ThreadReference) {
    first = thread.record.nextWaiting
    if let first { first.record.previousWaiting = nil } else { last = nil }
  }

  /// Takes out the first thread whose time is not over. The caller wakes it.
  mutating func claimFirst(_ dispatcher: Dispatcher) -> ThreadReference? {
    guard let thread = first else { return nil }
    guard dispatcher.claim(thread) else {
      return claimFirst(after: thread, dispatcher)
    }
    removeFirst(thread)
    return thread
  }

  private mutating func claimFirst(
    after late: ThreadReference, _ dispatcher: Dispatcher
  ) -> ThreadReference? {
    var next = late.record.nextWaiting
    while let thread = next {
      if dispatcher.claim(thread) {
        remove(thread)
        return thread
      }
      next = thread.record.nextWaiting
    }
    return nil
  }
}
