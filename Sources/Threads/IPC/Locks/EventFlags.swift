// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// Up to 64 events, each of which has happened or has not; threads wait for any
/// or all of several.
///
/// May be set from an interrupt.
public final class EventFlags: @unchecked Sendable {
  private var bits: UInt64 = 0
  private let queue: WaitQueue

  /// Nothing has happened yet.
  public init(name: StaticString = "") {
    queue = WaitQueue(name, kind: "event")
  }

  /// Which of several events to wait for.
  public enum Choice: Sendable {
    case any
    case all
  }

  /// The events that have happened.
  public var current: UInt64 { Dispatcher.critical { _ in bits } }

  /// These events have happened: the threads that wait for them go on.
  public func set(_ events: UInt64) {
    Dispatcher.critical { dispatcher in
      bits |= events
      queue.wakeAll(dispatcher)
    }
  }

  /// As if these events had never happened.
  public func clear(_ events: UInt64) {
    Dispatcher.critical { _ in bits &= ~events }
  }

  /// Waits for events.
  ///
  /// - Parameters:
  ///   - choice: Whether all of them must have happened.
  ///   - events: Which; at least one.
  ///   - clearing: Whether they count as not happened from then on.
  ///   - deadline: When to give up; a time that is over means now or not at
  ///     all.
  /// - Returns: Those of them that have happened, or 0 if the time is over.
  @discardableResult
  public func wait(
    for choice: Choice = .all, of events: UInt64, clearing: Bool = false,
    until deadline: Instant = .never
  ) -> UInt64 {
    precondition(events != 0)
    return Dispatcher.critical { dispatcher in
      while true {
        let found = bits & events
        if choice == .all ? found == events : found != 0 {
          if clearing { bits &= ~found }
          return found
        }
        guard queue.sleep(dispatcher, until: deadline) else { return 0 }
      }
    }
  }
}
