// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Hart

extension Scheduler where Policy: ~Copyable, Stacks: ~Copyable {
  /// Makes the running code a thread, the first one, and runs `body` with it.
  /// Returns when `body` has, and all other threads have ended.
  ///
  /// Interrupts are on within. The machine stops with a report if nothing can
  /// ever run again.
  ///
  /// - Parameter body: The program, which may start threads.
  /// - Returns: What `body` returns.
  public static func run<Result: ~Copyable>(
    _ body: () -> Result
  ) -> Result {
    let outer = unsafe Hart.context
    let scheduler = Scheduler()
    scheduler.outside = .running
    let wereEnabled = scheduler.start()
    let result = body()
    scheduler.waitForOthers()
    scheduler.finish()
    unsafe Hart.adopt(outer)
    Hart.restoreInterrupts(wereEnabled)
    return result
  }

  private func start() -> Bool {
    guard Hart.scheduler == 0 else { stop("a scheduler runs already") }
    let before = Hart.disableInterrupts()
    guard sleepers.reserve(1),
      let first = makeRecord("main", .normal, 0..<0)
    else { stop("there is no memory for the first thread") }
    first.record.saved.stack = Hart.stack
    unsafe Hart.adopt(first.context)
    Hart.scheduler = UInt64(
      UInt(bitPattern: unsafe Unmanaged.passUnretained(self).toOpaque()))
    beginTrace(Policy.name, first)
    SchedulingInterrupts.listen()
    Hart.enableInterrupts()
    return before
  }

  private func waitForOthers() {
    Dispatcher.critical { dispatcher in
      guard dispatcher.living > 1 else { return }
      dispatcher.others.sleep(dispatcher, restoringInterrupts: false)
    }
  }

  private func finish() {
    Hart.disableInterrupts()
    // Its record goes, and no lock may lead there.
    let first = ThreadReference.running
    if first.record.heldLocks != 0 { Dispatcher.checkHoldsNothing(first) }
    SchedulingInterrupts.ignore()
    endTrace()
    releaseStacks()
    release(first)
    releaseRecords()
    Hart.scheduler = 0
  }
}
