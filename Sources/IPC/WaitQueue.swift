// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// Where threads wait until something is true.
///
///     queue.wait { count > 0 }           count += 1
///                                        queue.wakeAll()
///
/// The condition is looked at with interrupts off, and so is what makes a
/// thread wait: whoever makes the condition true and wakes afterwards can never
/// do so just between the look and the wait. That gap, the lost wake-up, is
/// the mistake that this type exists to prevent.
///
/// Waking may be done from an interrupt, waiting may not.
public final class WaitQueue: @unchecked Sendable {
  private var threads = WaitingThreads()
  /// What reports say that a thread here waits for.
  let kind: StaticString
  let name: StaticString

  /// An empty queue; `name` is for those who read reports.
  public convenience init(_ name: StaticString = "") {
    self.init(kind: "condition", name)
  }

  init(kind: StaticString, _ name: StaticString) {
    self.kind = kind
    self.name = name
  }

  /// Waits until `condition` is true.
  ///
  /// - Parameter condition: Short, for interrupts are off while it runs; it
  ///   must not wait.
  public func wait(until condition: () -> Bool) {
    _ = wait(until: condition, deadline: .never)
  }

  /// Waits until `condition` is true or the time is over.
  ///
  /// - Parameters:
  ///   - condition: See ``wait(until:)``.
  ///   - deadline: When the time is over.
  /// - Returns: Whether the condition was true at the end.
  public func wait(until condition: () -> Bool, deadline: Instant) -> Bool {
    Dispatcher.critical { dispatcher in
      while !condition() {
        guard sleep(dispatcher, until: deadline) else { return condition() }
      }
      return true
    }
  }

  /// Wakes the thread that is first, to look at its condition again.
  public func wakeOne() {
    Dispatcher.critical { _ = wakeFirst($0) }
  }

  /// Wakes all threads, to look at their conditions again.
  public func wakeAll() {
    Dispatcher.critical { wakeAll($0) }
  }

  // MARK: - With interrupts off

  /// Whether nobody waits.
  @inline(__always)
  var isEmpty: Bool { threads.isEmpty }

  /// Waits until somebody wakes this thread.
  ///
  /// - Returns: False if the time was over first.
  func sleep(_ dispatcher: Dispatcher, until deadline: Instant) -> Bool {
    guard deadline > .now else { return false }
    let thread = ThreadReference.runningThread
    threads.insert(thread)
    let wait = Wait(kind, name: name)
    guard dispatcher.block(thread, for: wait, until: deadline) else {
      threads.remove(thread)
      return false
    }
    return true
  }

  /// Wakes the first thread.
  ///
  /// - Returns: Whether there was one whose time was not over.
  @discardableResult
  func wakeFirst(_ dispatcher: Dispatcher) -> Bool {
    threads.wakeFirst(dispatcher) != nil
  }

  func wakeAll(_ dispatcher: Dispatcher) {
    while wakeFirst(dispatcher) {}
  }
}
