// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Who deals with which trap.
///
/// A value of its own, so that tests can fill and ask one; the hart's traps go
/// to `Traps`, which holds the one of the running kernel.
struct TrapHandlers {
  /// Deals with an interrupt. It runs with interrupts off, must not wait, and
  /// must take away what caused the interrupt, which comes again otherwise.
  typealias InterruptHandler = @Sendable () -> Void

  /// Deals with an exception; says whether the program may go on at the
  /// frame's `pc`.
  typealias ExceptionHandler = @Sendable (Exception, TrapFrame) -> Bool

  private var software: InterruptHandler?
  private var timer: InterruptHandler?
  private var external: InterruptHandler?
  private var exception: ExceptionHandler?

  mutating func set(_ interrupt: Interrupt, _ handler: InterruptHandler?) {
    switch interrupt {
    case .software: software = handler
    case .timer: timer = handler
    case .external: external = handler
    }
  }

  mutating func setException(_ handler: ExceptionHandler?) {
    exception = handler
  }

  /// Lets the handler for the frame's trap run.
  ///
  /// - Returns: Whether the trap is dealt with.
  func handle(_ frame: TrapFrame) -> Bool {
    switch TrapReason(frame.cause) {
    case .exception(let exception):
      guard let handler = self.exception else { return false }
      return handler(exception, frame)
    case .interrupt(let interrupt):
      guard let handler = handler(for: interrupt) else { return false }
      handler()
      return true
    case .unknownInterrupt:
      return false
    }
  }

  private func handler(for interrupt: Interrupt) -> InterruptHandler? {
    switch interrupt {
    case .software: software
    case .timer: timer
    case .external: external
    }
  }
}
