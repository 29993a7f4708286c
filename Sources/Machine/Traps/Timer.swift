// SPDX-License-Identifier: BSD-3-Clause

import Hart
import SBI

/// The device that interrupts this hart when the clock reaches a deadline.
///
/// May be used from an interrupt.
public protocol Timer {
  /// Interrupts once the clock reaches `deadline`, in ticks, and withdraws an
  /// earlier request. `UInt64.max` never interrupts.
  func interrupt(at deadline: UInt64)
}

/// The hart's own timer, where the device tree lists the extension Sstc: one
/// instruction.
public struct SstcTimer: Timer, Sendable {
  /// The hart's own timer.
  public init() {}

  public func interrupt(at deadline: UInt64) {
    Hart.setTimerComparison(deadline)
  }
}

/// The firmware's timer: an environment call, some hundred instructions.
public struct FirmwareTimer: Timer, Sendable {
  /// The firmware's timer.
  public init() {}

  public func interrupt(at deadline: UInt64) {
    // Every firmware that starts a kernel in S-mode has this call.
    do { try SBI.setTimer(deadline) } catch {}
  }
}

/// The timer that the device tree lists for this hart.
public enum BoardTimer: Timer, Sendable {
  case sstc
  case firmware

  public func interrupt(at deadline: UInt64) {
    switch self {
    case .sstc: SstcTimer().interrupt(at: deadline)
    case .firmware: FirmwareTimer().interrupt(at: deadline)
    }
  }
}
