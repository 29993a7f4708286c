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
public final class WaitQueue: Queue, @unchecked Sendable {
  /// An empty queue; `name` is for those who read reports.
  public init(_ name: StaticString = "") {
    super.init(kind: "condition", name: name)
  }

  init(kind: StaticString, _ name: StaticString) {
    super.init(kind: kind, name: name)
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
}
