// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart
import Traps

/// What happens when a thread has used up its stack. Its guard area has stopped
/// it; the trap is handled on the hart's emergency stack. A stack without a
/// guard is found out later, and ends the machine.
public enum StackOverflow {
  // Set before the threads that it is for begin.
  private nonisolated(unsafe) static var endsThreadOnly = false

  /// From now on, an overflow ends the thread, and the others go on.
  ///
  /// A thread that has locked something ends the machine nevertheless: what
  /// the lock protects may be half changed, and no other thread could get it.
  /// So does an overflow in the handler of an interrupt, which belongs to no
  /// thread. Has no effect on stacks without a guard, whose overflow damages
  /// what other threads own.
  public static func endThreadOnly() { unsafe endsThreadOnly = true }

  /// Ends the machine: `thread` has written below its stack.
  @inline(never)
  static func stopAfterDamage(by thread: ThreadReference) -> Never {
    #if arch(riscv64)
      put("\n")
      thread.putName()
      print(" has overflowed its stack, which has no guard")
    #endif
    stop("stack overflow: what lies below the stack is damaged")
  }

  #if arch(riscv64)
    /// Returns if the machine should end.
    static func handle(_ frame: TrapFrame) {
      let thread = ThreadReference.running
      let stack = thread.record.saved.stack
      put("\n")
      thread.putName()
      print(" has overflowed its stack of \(UInt64(stack.count)) bytes")
      guard unsafe endsThreadOnly, !thread.record.stack.isEmpty,
        Dispatcher.with({ $0.hasGuardedStacks }), !Hart.isInInterrupt
      else { return }
      if let lock = Dispatcher.heldLock(of: thread) {
        return print(
          "  it still holds: \(lock.kind.reported) \"\(lock.name.reported)\"")
      }
      print("  at \(hex: frame.pc, digits: 16); it ends, the others go on")
      Hart.leaveEmergency()
      // The rest of its life happens on this stack, interrupts included: the
      // hart may be idle before another thread is ready.
      thread.record.saved.stack = Image.running.emergencyStack
      // Its body never ends, and so keeps what it owns.
      if thread.record.isDetached { unsafe thread.record.work = nil }
      Dispatcher.with { $0.leaveForEver(thread) }
    }
  #endif
}
