// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart
import Traps

/// The interrupts that a scheduler needs: the timer for sleepers and slices,
/// and the software interrupt for a switch that had to wait.
enum SchedulingInterrupts {
  #if arch(riscv64)
    static func listen() {
      Trap.onInterrupt(.timer) { Dispatcher.with { $0.timerInterrupt() } }
      Trap.onInterrupt(.software) { Hart.clearSoftwareInterrupt() }
      Trap.afterInterrupt { Dispatcher.with { $0.preempt() } }
      Trap.onStackOverflow { frame in StackOverflow.handle(frame) }
      onPanic { describeRunningThread() }
      enable()
    }

    static func ignore() {
      disable()
      Trap.afterInterrupt(nil)
      Trap.onInterrupt(.timer, nil)
      Trap.onInterrupt(.software, nil)
      Trap.onStackOverflow(nil)
      onPanic(describe: nil)
      Trap.timer.interrupt(at: .max)
    }

    static var mayDeviceInterrupt: Bool { Trap.mayDeviceInterrupt }
  #else
    static func listen() { enable() }
    static func ignore() { disable() }

    static var mayDeviceInterrupt: Bool {
      Hart.enabledInterrupts.contains(.external)
    }
  #endif

  private static func enable() {
    Hart.enable(.timer)
    Hart.enable(.software)
  }

  private static func disable() {
    Hart.disable(.timer)
    Hart.disable(.software)
  }
}

extension Dispatcher {
  func timerInterrupt() {
    recordInterrupt("timer")
    timerFired()
  }
}
