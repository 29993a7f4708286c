// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  import Hart

  extension SimulatedHart {
    /// Lets an interrupt of the timer come now, if the clock has reached what
    /// the timer is set to, as the board's hart would: the scheduler's handler
    /// runs with interrupts off, and may go to another thread and come back.
    ///
    /// Called by a test where the code has enabled interrupts: see
    /// ``onInterruptsEnabled`` and ``onWait``.
    ///
    /// - Returns: Whether it came.
    @discardableResult
    public func deliverTimerInterrupt() -> Bool {
      guard Hart.scheduler != 0, let due = timerComparison, due <= time else {
        return false
      }
      interrupt { $0.timerInterrupt() }
      return true
    }

    /// Lets an interrupt come that takes the hart from the running thread, as
    /// if its slice were over.
    public func deliverPreemption() {
      guard Hart.scheduler != 0 else { return }
      interrupt { dispatcher in
        dispatcher.hasUsedUpSlice = true
        dispatcher.mustSwitch = true
      }
    }

    /// Lets an interrupt of a device come now: `handler` runs with interrupts
    /// off, and then the hart may go to another thread and come back.
    public func deliverExternalInterrupt(_ handler: () -> Void) {
      guard Hart.scheduler != 0 else { return }
      interrupt { _ in handler() }
    }

    private func interrupt(_ handler: (Dispatcher) -> Void) {
      // The interrupted thread has interrupts enabled, and has them again.
      let hook = onInterruptsEnabled
      onInterruptsEnabled = nil
      Hart.disableInterrupts()
      onInterruptsEnabled = hook
      Dispatcher.with { dispatcher in
        Hart.isInInterrupt = true
        handler(dispatcher)
        Hart.isInInterrupt = false
        dispatcher.preempt()
      }
      onInterruptsEnabled = nil
      Hart.enableInterrupts()
      onInterruptsEnabled = hook
    }
  }
#endif
