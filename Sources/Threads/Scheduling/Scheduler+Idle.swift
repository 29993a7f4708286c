// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Hart

extension Dispatcher {
  /// Waits for an interrupt, on the stack of the thread that has run last.
  /// Interrupts are off, before and after.
  @inline(never)
  func idle() {
    if cannotGoOn { reportStandstill() }
    recordIdle()
    endSlices()
    isIdle = true
    mustSwitch = false
    // An interrupt that comes just before is pending, so this returns: nothing
    // is lost between the look into the run queue and the wait.
    Hart.waitForInterrupt()
    Hart.enableInterrupts()
    Hart.disableInterrupts()
    isIdle = false
  }

  /// No thread runs whose slice could end: disarms the slice timer.
  private func endSlices() {
    guard sliceEnd != .max else { return }
    sliceEnd = .max
    resetTimer()
  }

  /// Whether nothing can ever make a thread ready: no thread waits for a time,
  /// no device's interrupt is enabled, and no software interrupt is pending.
  private var cannotGoOn: Bool {
    sleepers.first == nil
      && !SchedulingInterrupts.mayDeviceInterrupt
      && !Hart.pendingInterrupts.contains(.software)
  }
}
