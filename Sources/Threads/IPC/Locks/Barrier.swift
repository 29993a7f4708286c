// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// A place where threads wait until a certain number of them are there. Then
/// all go on, and it can be used again.
public final class Barrier: @unchecked Sendable {
  private let count: Int
  private var arrived = 0
  private var round: UInt64 = 0
  private let queue: WaitQueue

  /// A barrier for `count` threads, at least one.
  public init(_ count: Int, name: StaticString = "") {
    precondition(count > 0)
    self.count = count
    queue = WaitQueue(name, kind: "barrier")
  }

  /// Waits for the others.
  ///
  /// - Returns: True for exactly one of them, the last to come.
  @discardableResult
  public func wait() -> Bool { arrive(until: .never) ?? false }

  /// Waits for the others until the time is over; the barrier then counts this
  /// thread no more. A time that is over already means now or not at all.
  ///
  /// - Returns: What ``wait()`` does, or nil if the time was over.
  public func wait(until deadline: Instant) -> Bool? {
    arrive(until: deadline)
  }

  private func arrive(until deadline: Instant) -> Bool? {
    Dispatcher.critical { dispatcher in
      arrived += 1
      guard arrived < count else {
        arrived = 0
        round &+= 1
        queue.wakeAll(dispatcher)
        return true
      }
      let mine = round
      while round == mine {
        guard queue.sleep(dispatcher, until: deadline) else {
          // The others may have come in the very moment.
          guard round == mine else { break }
          arrived -= 1
          return nil
        }
      }
      return false
    }
  }
}
