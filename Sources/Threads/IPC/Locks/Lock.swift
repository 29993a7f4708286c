// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// The part of a mutex that does not depend on what it protects: a wait queue
/// whose owner is the thread that has locked it, and inherits the waiters'
/// priorities.
struct Lock {
  let queue: WaitQueue

  init(_ name: StaticString) {
    queue = WaitQueue(name, kind: "mutex")
    Dispatcher.watchOwner(of: queue)
  }

  @inline(__always)
  func acquire() {
    Dispatcher.mayWait(in: queue)
    let wereEnabled = Hart.disableInterrupts()
    if queue.isOwned { return waitForOwner(wereEnabled) }
    queue.own()
    Hart.restoreInterrupts(wereEnabled)
  }

  func acquire(until deadline: Instant) -> Bool {
    Dispatcher.mayWait(in: queue)
    let wereEnabled = Hart.disableInterrupts()
    if queue.isOwned { return waitForOwner(wereEnabled, until: deadline) }
    queue.own()
    Hart.restoreInterrupts(wereEnabled)
    return true
  }

  @inline(__always)
  func tryAcquire() -> Bool {
    let wereEnabled = Hart.disableInterrupts()
    let isFree = !queue.isOwned
    if isFree { queue.own() }
    Hart.restoreInterrupts(wereEnabled)
    return isFree
  }

  @inline(__always)
  func release() {
    let wereEnabled = Hart.disableInterrupts()
    if !queue.isEmpty { return passOn(wereEnabled) }
    queue.disown()
    Hart.restoreInterrupts(wereEnabled)
  }

  /// Like ``release()``, within a critical section.
  func release(_ dispatcher: Dispatcher) { queue.passOn(dispatcher) }

  /// Ends the machine unless the running thread has locked this.
  func checkIsOwner() {
    if !queue.isOwnedByCaller { Misuse.reportForeignGuard(queue) }
  }

  // MARK: - The rare cases

  @inline(never)
  private func waitForOwner(_ wereEnabled: Bool) {
    _ = waitForOwner(wereEnabled, until: .never)
  }

  /// The thread that unlocks makes the first waiter the owner.
  @inline(never)
  private func waitForOwner(
    _ wereEnabled: Bool, until deadline: Instant
  ) -> Bool {
    Dispatcher.with { dispatcher in
      if Hart.isInInterrupt { refuseToWait(in: queue) }
      if queue.isOwnedByCaller { Misuse.reportRecursion(queue) }
      if dispatcher.isOwnedOutside(queue) { Misuse.reportOutside(queue) }
      let isOwner = queue.sleepLending(dispatcher, until: deadline)
      dispatcher.endCriticalSection(wereEnabled)
      return isOwner
    }
  }

  @inline(never)
  private func passOn(_ wereEnabled: Bool) {
    Dispatcher.with { dispatcher in
      queue.passOn(dispatcher)
      dispatcher.endCriticalSection(wereEnabled)
    }
  }
}
