// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A queue of blocked threads: what every blocking primitive is made of.
///
///     queue.wait { count > 0 }           count += 1
///                                        queue.wakeAll()
///
///     first ─▶ 24 ⇄ 24 ⇄ 16 ⇄ 16 ⇄ 16 ◀─ last
///
/// The most urgent thread is first; threads of one priority stand in the order
/// of their arrival. A thread of the usual priority is appended at once; only a
/// more urgent one walks past others. A thread whose deadline passes leaves the
/// queue in the timer's interrupt, so no thread in it is too late to be woken.
///
/// *Wait* is with a condition, *sleep* without; *block* is what both do to the
/// thread's state.
///
/// The condition is evaluated in the critical section in which the thread
/// blocks. So a thread that makes the condition true and wakes afterwards never
/// does so between the evaluation and the block. That gap, the lost wake-up, is
/// the mistake that this type exists to prevent.
///
/// Waking is allowed in an interrupt, waiting is not. Protected by critical
/// sections.
public final class WaitQueue: @unchecked Sendable {
  /// What a thread waits for here, such as `semaphore`: for reports.
  public let kind: StaticString
  /// The name that the program has given, for reports; may be empty.
  public let name: StaticString

  /// The thread that is woken next.
  private(set) var first: ThreadReference?
  private var last: ThreadReference?

  /// The only thread whose call can end the wait, if there is one, such as the
  /// owner of a mutex; a deadline can, too. It inherits the waiters' priorities: see ``sleepLending``.
  var owner: ThreadReference?
  // See `PriorityInheritance`.
  var isContended = false
  var nextContended = WaitQueueLink.none
  // See `OwnedQueues`.
  var isRegistered = false
  var older = WaitQueueLink.none
  var newer = WaitQueueLink.none

  /// An empty queue.
  public init(_ name: StaticString = "", kind: StaticString = "condition") {
    self.kind = kind
    self.name = name
  }

  deinit { if isRegistered { OwnedQueues.remove(self) } }

  // MARK: - Waiting for a condition

  /// Waits until `condition` is true.
  ///
  /// - Parameter condition: Short, for it runs with interrupts off; it must not
  ///   wait.
  public func wait(until condition: () -> Bool) {
    _ = wait(until: condition, deadline: .never)
  }

  /// Waits until `condition` is true or `deadline` has passed.
  ///
  /// - Parameters:
  ///   - condition: See ``wait(until:)``.
  ///   - deadline: When to give up.
  /// - Returns: Whether the condition was true at the end.
  public func wait(until condition: () -> Bool, deadline: Instant) -> Bool {
    Dispatcher.critical { dispatcher in
      while !condition() {
        guard sleep(dispatcher, until: deadline) else { return condition() }
      }
      return true
    }
  }

  /// Wakes the first thread, which evaluates its condition again.
  public func wakeOne() {
    Dispatcher.critical { _ = wakeFirst($0) }
  }

  /// Wakes all threads, which evaluate their conditions again.
  public func wakeAll() {
    Dispatcher.critical { wakeAll($0) }
  }

  // MARK: - Within a critical section

  /// Whether no thread waits.
  @inline(__always)
  public var isEmpty: Bool { first == nil }

  /// Blocks the running thread until another one wakes it, or `deadline` has
  /// passed. Interrupts are off, before and after; they are on in between.
  ///
  /// - Returns: Whether it was woken; false if the deadline has passed first.
  public func sleep(_ dispatcher: Dispatcher, until deadline: Instant) -> Bool {
    guard deadline > .now else { return false }
    insert(.running)
    return dispatcher.block(on: self, until: deadline)
  }

  /// Blocks the running thread until another one wakes it. Called with
  /// interrupts off; the switch itself sets them to `restoringInterrupts`.
  @inline(__always)
  public func sleep(_ dispatcher: Dispatcher, restoringInterrupts: Bool) {
    guard isEmpty else {
      return sleepBehindOthers(
        dispatcher, restoringInterrupts: restoringInterrupts)
    }
    insertFirst(.running)
    dispatcher.block(on: self, restoringInterrupts: restoringInterrupts)
  }

  @inline(never)
  private func sleepBehindOthers(
    _ dispatcher: Dispatcher, restoringInterrupts: Bool
  ) {
    insert(.running)
    dispatcher.block(on: self, restoringInterrupts: restoringInterrupts)
  }

  /// Wakes the first thread.
  ///
  /// - Returns: The thread, or nil if none waits.
  @discardableResult
  public func wakeFirst(_ dispatcher: Dispatcher) -> ThreadReference? {
    guard let thread = first else { return nil }
    removeFirst(thread)
    dispatcher.unblock(thread)
    return thread
  }

  /// Wakes the first thread, and ends the critical section.
  @inline(__always)
  public func wakeFirst(_ dispatcher: Dispatcher, restoringInterrupts: Bool) {
    // The usual case makes no call but the last, and so saves no register.
    guard let thread = first, !thread.isTimed else {
      return wakeTimed(dispatcher, restoringInterrupts: restoringInterrupts)
    }
    removeFirst(thread)
    dispatcher.unblock(thread, restoringInterrupts: restoringInterrupts)
  }

  @inline(never)
  private func wakeTimed(_ dispatcher: Dispatcher, restoringInterrupts: Bool) {
    wakeFirst(dispatcher)
    dispatcher.endCriticalSection(restoringInterrupts)
  }

  /// Wakes all threads.
  public func wakeAll(_ dispatcher: Dispatcher) {
    while wakeFirst(dispatcher) != nil {}
  }

  // MARK: - The list

  /// Inserts a thread behind all that are as urgent.
  @inline(__always)
  func insert(_ thread: ThreadReference) {
    if isEmpty { insertFirst(thread) } else { insertBehindOthers(thread) }
  }

  @inline(never)
  private func insertBehindOthers(_ thread: ThreadReference) {
    var before = last
    while let other = before, other.record.priority < thread.record.priority {
      before = other.record.previousWaiting
    }
    let after = before == nil ? first : before?.record.nextWaiting
    thread.record.previousWaiting = before
    thread.record.nextWaiting = after
    before?.record.nextWaiting = thread
    after?.record.previousWaiting = thread
    if before == nil { first = thread }
    if after == nil { last = thread }
  }

  /// Inserts a thread into the empty list.
  @inline(__always)
  private func insertFirst(_ thread: ThreadReference) {
    thread.record.previousWaiting = nil
    thread.record.nextWaiting = nil
    first = thread
    last = thread
  }

  func remove(_ thread: ThreadReference) {
    let before = thread.record.previousWaiting
    let after = thread.record.nextWaiting
    if let before { before.record.nextWaiting = after } else { first = after }
    guard let after else { return last = before }
    after.record.previousWaiting = before
  }

  @inline(__always)
  private func removeFirst(_ thread: ThreadReference) {
    first = thread.record.nextWaiting
    if let first { first.record.previousWaiting = nil } else { last = nil }
  }
}
