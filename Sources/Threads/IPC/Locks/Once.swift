// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// Something that is done once, by the first thread that asks; all others wait
/// until it is done.
public final class Once: @unchecked Sendable {
  private enum State { case untouched, begun, done }

  private var state = State.untouched
  private let queue: WaitQueue

  /// It was not done yet.
  public init(name: StaticString = "") {
    queue = WaitQueue(name, kind: "once")
  }

  /// Whether it is done: now or not at all.
  public var isDone: Bool { Dispatcher.critical { _ in state == .done } }

  /// Does `body` unless a thread has or does; returns when it is done.
  public func run(_ body: () -> Void) { _ = run(until: .never, body) }

  /// Like ``run(_:)``, but waits for another thread until `deadline` at most.
  ///
  /// - Returns: Whether it is done.
  public func run(until deadline: Instant, _ body: () -> Void) -> Bool {
    guard mayBegin() else {
      return queue.wait(until: { state == .done }, deadline: deadline)
    }
    Dispatcher.holding(queue, body)
    Dispatcher.critical { dispatcher in
      state = .done
      queue.wakeAll(dispatcher)
    }
    return true
  }

  private func mayBegin() -> Bool {
    Dispatcher.critical { _ in
      guard state == .untouched else { return false }
      state = .begun
      return true
    }
  }
}
