// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart
import Traps

/// What happens when a thread has used up its stack. Its guard page has stopped
/// it; the trap is handled on the hart's emergency stack.
public enum Overflow {
  // Set before the threads that it is for begin.
  private nonisolated(unsafe) static var endsThreadOnly = false

  /// From now on, an overflow ends the thread, and the others go on.
  ///
  /// What the thread held stays as it was: a lock that it had locked stays
  /// locked, for nobody knows what state its data is in. So this is for
  /// programs whose threads share little.
  public static func endThreadOnly() { unsafe endsThreadOnly = true }

  #if arch(riscv64)
    /// Returns if the machine should end.
    static func handle(_ frame: TrapFrame) {
      let thread = ThreadReference.running
      let stack = thread.record.saved.stack
      put("\n")
      thread.putName()
      print(" has overflowed its stack of \(UInt64(stack.count)) bytes")
      guard unsafe endsThreadOnly, !thread.record.stack.isEmpty else { return }
      print("  at \(hex: frame.pc, digits: 16); it ends, the others go on")
      Hart.leaveEmergency()
      // The rest of its life happens on this stack, interrupts included: the
      // hart may be idle before another thread is ready.
      thread.record.saved.stack = Image.running.emergencyStack
      // Its body never ends, and so keeps what it owns.
      if thread.record.isDetached { thread.record.work = 0 }
      Dispatcher.with { $0.leaveForEver(thread) }
    }
  #endif
}
