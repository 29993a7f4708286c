// SPDX-License-Identifier: BSD-3-Clause

import Console
import Grading
import Hart
import Scheduling
import Traps

/// What happens at a software interrupt while threads run.
nonisolated(unsafe) private var handler: (() -> Void)?

/// First come, first served; counts how often a thread gets the hart.
private struct CountedTurns: SchedulingPolicy {
  static var name: StaticString { FirstCome.name }
  static var timeSlice: UInt64? { nil }

  // Threads of one hart share it.
  nonisolated(unsafe) static var count = 0

  private var policy = FirstCome()

  var isEmpty: Bool { policy.isEmpty }

  mutating func add(_ thread: ThreadReference) { policy.add(thread) }

  mutating func putBack(_ thread: ThreadReference) { policy.putBack(thread) }

  mutating func takeNext() -> ThreadReference? {
    unsafe Self.count += 1
    return policy.takeNext()
  }

  mutating func rotate(_ running: ThreadReference) -> ThreadReference? {
    let next = policy.rotate(running)
    if next != nil { unsafe Self.count += 1 }
    return next
  }

  mutating func remove(_ thread: ThreadReference) { policy.remove(thread) }
}

/// Runs `body` as the first of some threads. A thread keeps the hart until it
/// yields or waits.
///
/// - Parameters:
///   - isMeasured: Whether instructions are counted, and so turns are not.
///   - onInterrupt: What ``interrupt()`` does.
///   - body: Starts the others.
public func withThreads(
  isMeasured: Bool = false, onInterrupt: (() -> Void)? = nil,
  _ body: () -> Void
) {
  unsafe handler = onInterrupt
  defer { unsafe handler = nil }
  if isMeasured {
    run(FirstCome.self, body)
  } else {
    run(CountedTurns.self, body)
  }
}

private func run<Policy: SchedulingPolicy>(
  _: Policy.Type, _ body: () -> Void
) {
  #if arch(riscv64)
    Scheduler<Policy, HeapStacks>.run {
      Trap.onInterrupt(.software) {
        Hart.clearSoftwareInterrupt()
        unsafe handler?()
      }
      body()
    }
  #else
    let hart = SimulatedHart()
    hart.onWait = { $0.time = max($0.time, $0.timerComparison ?? 0) }
    hart.onInterruptsEnabled = { hart in
      // Time passes for threads that never let the hart idle, too.
      hart.time += 100
      hart.deliverTimerInterrupt()
      guard hart.pendingInterrupts.contains(.software) else { return }
      Hart.clearSoftwareInterrupt()
      Hart.disableInterrupts()
      unsafe handler?()
      Hart.enableInterrupts()
    }
    hart.run { Scheduler<Policy, HeapStacks>.run(body) }
  #endif
}

/// How often a thread gets the hart while the calling thread yields 50 times
/// and then sleeps for a while. The turns of all other threads count: a thread
/// that waits has none.
public func turnsWhileYielding() -> Int {
  let before = unsafe CountedTurns.count
  yield(times: 50)
  Thread.sleep(for: .milliseconds(20))
  return unsafe CountedTurns.count - before
}

extension Report {
  /// Fails if threads that wait have had a turn while nothing happened.
  ///
  /// - Parameters:
  ///   - given: Who waits, and for what.
  ///   - alone: ``turnsWhileYielding()`` before there were such threads.
  public mutating func expectSleep(_ given: StaticString, alone: Int) {
    let turns = turnsWhileYielding() - alone
    expect(
      turns <= 0,
      given: "\(given); for 20 ms nothing happens, and another thread yields",
      expected: "threads that sleep until they are woken",
      got: "\(turns) turns of threads that ask again and again")
  }
}

/// Has an interrupt come at once, or as soon as interrupts are on.
public func interrupt() {
  Hart.requestSoftwareInterrupt()
  // The simulated hart delivers it when it is told to let interrupts in.
  if Hart.interruptsEnabled { Hart.enableInterrupts() }
}

/// Starts a thread that is detached: no thread joins it.
public func start(_ name: StaticString, _ body: sending @escaping () -> Void) {
  guard let thread = try? Thread.spawn(name, body) else {
    fatalError("there is no memory for a thread")
  }
  thread.detach()
}

/// Lets the others run until `condition` is true, but not for ever.
public func letOthersRun(until condition: () -> Bool) -> Bool {
  for _ in 0..<20_000 {
    if condition() { return true }
    Thread.yield()
  }
  return condition()
}

public func yield(times: UInt64) {
  for _ in 0..<times { Thread.yield() }
}
