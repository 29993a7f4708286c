// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Traps

/// A moment on the board's clock.
///
///     Thread.sleep(until: .now(plus: .milliseconds(5)))
public struct Instant: Comparable, Sendable {
  /// Ticks of the clock since some time before boot.
  public let ticks: UInt64

  /// The moment at which the clock shows `ticks`.
  public init(ticks: UInt64) { self.ticks = ticks }

  /// This moment: one instruction.
  public static var now: Instant { Instant(ticks: Hart.time) }

  /// A moment that never comes.
  public static let never = Instant(ticks: .max)

  /// The moment this much from now, or ``never`` if the clock does not reach
  /// as far. Costs two divisions.
  public static func now(plus span: TimeSpan) -> Instant { now + span }

  public static func + (instant: Instant, span: TimeSpan) -> Instant {
    let ticks = SchedulingClock.ticks(nanoseconds: span.nanoseconds)
    let (sum, overflow) = instant.ticks.addingReportingOverflow(ticks)
    return overflow ? .never : Instant(ticks: sum)
  }

  public static func < (one: Self, other: Self) -> Bool {
    one.ticks < other.ticks
  }
}

/// The clock and the timer of this hart: the board's, or the simulated hart's.
enum SchedulingClock {
  #if arch(riscv64)
    static func ticks(nanoseconds: UInt64) -> UInt64 {
      Trap.clock.ticks(nanoseconds: nanoseconds)
    }

    static func interrupt(at deadline: UInt64) {
      Trap.timer.interrupt(at: deadline)
    }
  #else
    static func ticks(nanoseconds: UInt64) -> UInt64 {
      Clock(source: HartTicks(), frequency: 10_000_000)
        .ticks(nanoseconds: nanoseconds)
    }

    static func interrupt(at deadline: UInt64) {
      SstcTimer().interrupt(at: deadline)
    }
  #endif
}
