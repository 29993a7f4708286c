// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// What all things have in common that threads wait for: the threads. Its
/// functions are for the types built on it, and are called with interrupts
/// off.
public class Queue: Waitable, @unchecked Sendable {
  final var threads = WaitingThreads()

  /// Whether nobody waits.
  @inline(__always)
  final var isEmpty: Bool { threads.isEmpty }

  /// Waits until somebody wakes this thread, or the time is over.
  ///
  /// - Returns: False if the time was over first.
  final func sleep(_ dispatcher: Dispatcher, until deadline: Instant) -> Bool {
    guard deadline > .now else { return false }
    let thread = ThreadReference.runningThread
    threads.insert(thread)
    let reason = WaitReason(self)
    guard dispatcher.block(thread, for: reason, until: deadline) else {
      threads.remove(thread)
      return false
    }
    return true
  }

  /// Waits until somebody wakes this thread; interrupts are
  /// `restoringInterrupts` afterwards.
  @inline(__always)
  final func sleep(_ dispatcher: Dispatcher, restoringInterrupts: Bool) {
    let thread = ThreadReference.runningThread
    guard threads.isEmpty else {
      return sleepBehindOthers(
        dispatcher, restoringInterrupts: restoringInterrupts)
    }
    threads.insertFirst(thread)
    dispatcher.block(
      thread, for: WaitReason(self), restoringInterrupts: restoringInterrupts)
  }

  @inline(never)
  private final func sleepBehindOthers(
    _ dispatcher: Dispatcher, restoringInterrupts: Bool
  ) {
    let thread = ThreadReference.runningThread
    threads.insert(thread)
    dispatcher.block(
      thread, for: WaitReason(self), restoringInterrupts: restoringInterrupts)
  }

  /// Wakes the first thread.
  ///
  /// - Returns: Whether there was one whose time was not over.
  @discardableResult
  final func wakeFirst(_ dispatcher: Dispatcher) -> Bool {
    threads.wakeFirst(dispatcher) != nil
  }

  /// Wakes the first thread, and ends the scope without interrupts.
  @inline(never)
  final func wakeOne(restoringInterrupts: Bool) {
    Dispatcher.with { dispatcher in
      guard let thread = threads.claimFirstUntimed(dispatcher) else {
        return wakeOneOfAll(
          dispatcher, restoringInterrupts: restoringInterrupts)
      }
      dispatcher.finishWaking(thread, restoringInterrupts: restoringInterrupts)
    }
  }

  @inline(never)
  private final func wakeOneOfAll(
    _ dispatcher: Dispatcher, restoringInterrupts: Bool
  ) {
    wakeFirst(dispatcher)
    dispatcher.endCriticalSection(restoringInterrupts)
  }

  /// Wakes all threads.
  final func wakeAll(_ dispatcher: Dispatcher) {
    while wakeFirst(dispatcher) {}
  }
}
