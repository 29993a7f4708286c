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
/// while threads wait goes to the first of them, and to no other thread.
public final class Semaphore: @unchecked Sendable {
  let queue: WaitQueue
  private var count: Int
  /// Permits given after the deadlines of all waiters had passed, and before any
  /// of them ran: each is for one of those threads.
  private var unclaimed = 0

  /// A semaphore with `count` permits, 0 or more.
  public init(_ count: Int, name: StaticString = "") {
    precondition(count >= 0)
    self.count = count
    queue = WaitQueue(name, kind: "semaphore")
  }

  /// Takes a permit; waits until there is one. Not from an interrupt.
  @inline(__always)
  public func wait() {
    Dispatcher.mayWait(in: queue)
    let wereEnabled = Hart.disableInterrupts()
    count &-= 1
    if count < 0 { return waitForPermit(wereEnabled) }
    Hart.restoreInterrupts(wereEnabled)
  }

  /// Takes a permit; waits until there is one or the time is over.
  ///
  /// - Returns: Whether there was one in time.
  public func wait(until deadline: Instant) -> Bool {
    Dispatcher.mayWait(in: queue)
    let wereEnabled = Hart.disableInterrupts()
    count &-= 1
    if count < 0 { return waitForPermit(wereEnabled, until: deadline) }
    Hart.restoreInterrupts(wereEnabled)
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

  /// Gives a permit. May be called from an interrupt. Ends the machine if
  /// there were `Int.max` permits already.
  @inline(__always)
  public func signal() {
    let wereEnabled = Hart.disableInterrupts()
    let after = count &+ 1
    count = after
    // So it is with a thread that waits, and where the sum did not fit.
    if after <= 0 { return pass(wereEnabled) }
    Hart.restoreInterrupts(wereEnabled)
  }

  @inline(never)
  private func waitForPermit(_ wereEnabled: Bool) {
    Dispatcher.with { queue.sleep($0, restoringInterrupts: wereEnabled) }
  }

  @inline(never)
  private func waitForPermit(
    _ wereEnabled: Bool, until deadline: Instant
  ) -> Bool {
    Dispatcher.with { dispatcher in
      let hasPermit = queue.sleep(dispatcher, until: deadline) || claim()
      if !hasPermit { count &+= 1 }
      dispatcher.endCriticalSection(wereEnabled)
      return hasPermit
    }
  }

  /// A permit came after the time was over, but before this thread ran.
  private func claim() -> Bool {
    guard unclaimed > 0 else { return false }
    unclaimed &-= 1
    return true
  }

  @inline(never)
  private func pass(_ wereEnabled: Bool) {
    Dispatcher.with { dispatcher in
      if queue.isEmpty { return keepForLate(dispatcher, wereEnabled) }
      queue.wakeFirst(dispatcher, restoringInterrupts: wereEnabled)
    }
  }

  /// The deadlines of all that are counted as waiting have passed: the first of
  /// them that runs takes the permit.
  @inline(never)
  private func keepForLate(_ dispatcher: Dispatcher, _ wereEnabled: Bool) {
    if count == .min { Misuse.reportTooManyPermits(queue) }
    unclaimed &+= 1
    dispatcher.endCriticalSection(wereEnabled)
  }
}
