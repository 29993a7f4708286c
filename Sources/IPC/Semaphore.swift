// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// A number of permits: `wait` takes one, `signal` gives one.
///
///     count    3    2    1    0   -1   -2
///              permits left   │   threads waiting
///
/// Below zero the count says how many threads wait, so that either call looks
/// at one number to know whether there is more to do. A permit that is given
/// while threads wait goes to the first of them, and to nobody else.
public final class Semaphore: @unchecked Sendable {
  private var count: Int
  private let queue: WaitQueue

  /// A semaphore with `count` permits, 0 or more.
  public init(_ count: Int, name: StaticString = "") {
    precondition(count >= 0)
    self.count = count
    queue = WaitQueue(kind: "semaphore", name)
  }

  /// Takes a permit; waits until there is one.
  @inline(__always)
  public func wait() {
    let wereEnabled = Hart.disableInterrupts()
    count &-= 1
    if count < 0 { return waitForPermit(wereEnabled) }
    if wereEnabled { Hart.enableInterrupts() }
  }

  /// Takes a permit; waits until there is one or the time is over.
  ///
  /// - Returns: Whether there was one in time.
  public func wait(until deadline: Instant) -> Bool {
    let wereEnabled = Hart.disableInterrupts()
    count &-= 1
    if count < 0 { return waitForPermit(wereEnabled, until: deadline) }
    if wereEnabled { Hart.enableInterrupts() }
    return true
  }

  /// Takes a permit if there is one now. May be called from an interrupt.
  ///
  /// - Returns: Whether there was one.
  public func tryWait() -> Bool {
    Hart.withInterruptsDisabled {
      guard count > 0 else { return false }
      count &-= 1
      return true
    }
  }

  /// Gives a permit. May be called from an interrupt.
  @inline(__always)
  public func signal() {
    let wereEnabled = Hart.disableInterrupts()
    count &+= 1
    if count <= 0 { return pass(wereEnabled) }
    if wereEnabled { Hart.enableInterrupts() }
  }

  @inline(never)
  private func waitForPermit(_ wereEnabled: Bool) {
    _ = waitForPermit(wereEnabled, until: .never)
  }

  @inline(never)
  private func waitForPermit(
    _ wereEnabled: Bool, until deadline: Instant
  ) -> Bool {
    Dispatcher.with { dispatcher in
      let inTime = queue.sleep(dispatcher, until: deadline)
      if !inTime { count &+= 1 }
      dispatcher.leave(wereEnabled)
      return inTime
    }
  }

  @inline(never)
  private func pass(_ wereEnabled: Bool) {
    Dispatcher.with { dispatcher in
      queue.wakeFirst(dispatcher)
      dispatcher.leave(wereEnabled)
    }
  }
}
