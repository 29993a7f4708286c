// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import Traps

/// What happens at a software interrupt while threads run.
nonisolated(unsafe) private var handler: (() -> Void)?

/// Runs `body` as the first of some threads. A thread keeps the hart until it
/// yields or waits.
///
/// - Parameters:
///   - onInterrupt: What ``interrupt()`` does.
///   - body: Starts the others.
public func withThreads(
  onInterrupt: (() -> Void)? = nil, _ body: () -> Void
) {
  unsafe handler = onInterrupt
  #if arch(riscv64)
    Scheduler<FirstCome, HeapStacks>.run {
      Trap.onInterrupt(.software) {
        Hart.clearSoftwareInterrupt()
        unsafe handler?()
      }
      body()
    }
  #else
    let hart = SimulatedHart()
    hart.onInterruptsEnabled = { hart in
      Switches.current.count += 1
      guard hart.pendingInterrupts.contains(.software) else { return }
      Hart.clearSoftwareInterrupt()
      Hart.disableInterrupts()
      unsafe handler?()
      Hart.enableInterrupts()
    }
    hart.run { Scheduler<FirstCome, HeapStacks>.run(body) }
  #endif
  unsafe handler = nil
}

#if !arch(riscv64)
  /// How often the hart has let interrupts in, at least once for each switch.
  public final class Switches: @unchecked Sendable {
    public static let current = Switches()
    public var count = 0
  }
#endif

/// Has an interrupt come at once, or as soon as interrupts are on.
public func interrupt() {
  Hart.requestSoftwareInterrupt()
  // The simulated hart delivers it when it is told to let interrupts in.
  if Hart.interruptsEnabled { Hart.enableInterrupts() }
}

/// Starts a thread that nobody waits for.
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
