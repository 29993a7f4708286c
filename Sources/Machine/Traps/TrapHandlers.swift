// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The handler of each kind of trap.
///
/// Handlers are functions without captured values, as in C: they need no heap.
/// A value of its own, so that tests can fill and ask one; the hart's traps go
/// to `Traps`, which holds the one of the running kernel.
struct TrapHandlers {
  /// Deals with an interrupt. It runs with interrupts off, must not wait, and
  /// must take away what caused the interrupt, which comes again otherwise.
  typealias InterruptHandler = @convention(c) () -> Void

  /// Deals with an exception; says whether the program may go on at the
  /// frame's `pc`.
  typealias ExceptionHandler = @convention(c) (TrapFrame) -> Bool

  private var software: InterruptHandler?
  private var timer: InterruptHandler?
  private var external: InterruptHandler?
  private var exception: ExceptionHandler?

  mutating func set(_ interrupt: HartInterrupt, _ handler: InterruptHandler?) {
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
    switch frame.reason {
    case .exception:
      guard let handler = exception else { return false }
      return handler(frame)
    case .interrupt(let interrupt):
      guard let handler = handler(for: interrupt) else { return false }
      handler()
      return true
    case .unknownInterrupt:
      return false
    }
  }

  private func handler(for interrupt: HartInterrupt) -> InterruptHandler? {
    switch interrupt {
    case .software: software
    case .timer: timer
    case .external: external
    }
  }
}
