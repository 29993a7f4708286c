// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import CHart
  import Console
  import DeviceTree
  import Hart

  /// The traps of the running kernel.
  ///
  ///     trap.S ─▶ Trap.take ─▶ the handler for its cause
  ///                        └─▶ none: a panic that explains it
  ///
  /// Handlers are set while interrupts are off, or before the interrupt is
  /// enabled.
  public enum Trap {
    // Set by the boot hart before others run.
    private nonisolated(unsafe) static var handlers = TrapHandlers()
    private nonisolated(unsafe) static var frequency: UInt64 = 0
    private nonisolated(unsafe) static var hasSstc = false
    private nonisolated(unsafe) static var pageWords:
      (@convention(c) (UInt64) -> Void)?
    private nonisolated(unsafe) static var afterInterrupt:
      (@convention(c) () -> Void)?
    // Not among the handlers, which every trap looks through.
    private nonisolated(unsafe) static var standstill:
      (@convention(c) () -> Bool)?
    private nonisolated(unsafe) static var overflowHandler:
      (@convention(c) (TrapFrame) -> Void)?

    /// Has `handler` deal with interrupts of this kind; nil removes it.
    ///
    /// It runs with interrupts off, must not wait, and must take away what
    /// caused the interrupt, or it comes again at once.
    @export(interface)
    public static func onInterrupt(
      _ interrupt: HartInterrupt, _ handler: (@convention(c) () -> Void)?
    ) {
      unsafe handlers.set(interrupt, handler)
    }

    /// Has `handler` deal with exceptions; nil removes it.
    ///
    /// It says whether the program may go on, at the frame's `pc`; that is
    /// still the instruction that trapped unless the handler changes it.
    @export(interface)
    public static func onException(
      _ handler: (@convention(c) (TrapFrame) -> Bool)?
    ) {
      unsafe handlers.setException(handler)
      // The next access may need it, which the compiler does not know.
      Hart.fence()
    }

    /// Has `handler` run at the end of every interrupt that was dealt with,
    /// with interrupts off, just before the interrupted code resumes; nil
    /// removes it. A scheduler may switch to another thread there, and come
    /// back.
    @export(interface)
    public static func afterInterrupt(_ handler: (@convention(c) () -> Void)?) {
      unsafe afterInterrupt = handler
    }

    /// Has `answer` tell whether a device may still interrupt so that the
    /// program goes on. A scheduler asks when no thread is ready, and none
    /// waits for a time.
    @export(interface)
    public static func onStandstill(
      _ answer: (@convention(c) () -> Bool)?
    ) {
      unsafe standstill = answer
    }

    /// Whether a device may still interrupt so that the program goes on: true
    /// if external interrupts are enabled and nothing else is known.
    @export(interface)
    public static var mayDeviceInterrupt: Bool {
      guard Hart.enabledInterrupts.contains(.external) else { return false }
      return unsafe standstill?() ?? true
    }

    /// Has `handler` run when a stack has overflowed, on the emergency stack;
    /// nil removes it. If it returns, the machine ends.
    @export(interface)
    public static func onStackOverflow(
      _ handler: (@convention(c) (TrapFrame) -> Void)?
    ) {
      unsafe overflowHandler = handler
    }

    /// When a page fault is explained, has `words` print a line about the page
    /// at that address: the owner of the page tables knows more than the trap
    /// tells.
    @export(interface)
    public static func onPageFault(
      describe words: @convention(c) (UInt64) -> Void
    ) {
      unsafe pageWords = words
    }

    /// Prints what is known of the page at an address, if anything is.
    static func describePage(at address: UInt64) {
      unsafe pageWords?(address)
    }

    /// The board's clock, with the rate that the device tree tells.
    public static var clock: Clock<HartTicks> {
      Clock(source: HartTicks(), frequency: unsafe frequency)
    }

    /// The best timer that this hart has.
    public static var timer: BoardTimer {
      unsafe hasSstc ? .sstc : .firmware
    }

    static func take(_ frame: TrapFrame) {
      guard frame.isStackInBounds else {
        unsafe overflowHandler?(frame)
        panic(frame, "stack overflow") {
          TrapReport(of: frame, on: .board).print()
        }
      }
      if frame.cause.isInterrupt {
        if handleInterrupt(frame) { return }
      } else if unsafe handlers.handle(frame) {
        return
      }
      panic(frame, "\(frame.reason.name)") {
        TrapReport(of: frame, on: .board).print()
        if let reason = frame.cause.usualReason { print("  \(reason)") }
      }
    }

    /// Whether there is a handler for the interrupt, which has run then. Only
    /// behind it may another thread get the hart.
    @inline(__always)
    private static func handleInterrupt(_ frame: TrapFrame) -> Bool {
      Hart.isInInterrupt = true
      guard unsafe handlers.handle(frame) else { return false }
      Hart.isInInterrupt = false
      unsafe afterInterrupt?()
      return true
    }

    /// Reads from the device tree what the clock and the timer need.
    static func start() {
      let time = Board.timeKeeping
      guard let rate = time.frequency, rate >= 1, rate <= 10_000_000_000
      else { panic("the device tree does not tell how fast the clock is") }
      unsafe frequency = rate
      unsafe hasSstc = time.hasTimer
      unsafe Hart.setTrapHandler(takeTrap)
    }

    /// No interrupt may come while what it needs is taken apart.
    static func stop() {
      Hart.disableInterrupts()
      timer.interrupt(at: .max)
    }
  }

  /// Called by trap.S, with interrupts off.
  @c(traps_take)
  func takeTrap(_ saved: UnsafeMutablePointer<hart_trap_frame>) {
    Trap.take(unsafe TrapFrame(at: saved))
  }

  enum Startup {
    @section(".init_table.1.10") @used
    static let entry: InitEntry = (
      start: { Trap.start() }, stop: { Trap.stop() }
    )
  }
#endif
