// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 2.3: ticks that do not drift. See `make hint EX=2.3`.

//@ solution
//@ stub
//| import Todo
//@ end
import Traps

/// Ticks at equal distances, however late the interrupts are taken.
///
/// The ticks are due at `start + period`, `start + 2 * period`, and so on:
///
///     start     1         2         3         4         5
///       ├─────────┼─────────┼─────────┼─────────┼─────────┼──▶ time
///                   ▲                        ▲
///                   late: 1 tick             later still: 2 ticks,
///                   next at 2                next at 5
///
/// All times are in ticks of the clock. A time that does not fit 64 bits never
/// comes: then the timer is asked for `UInt64.max`, which means never.
public struct Ticker<Device: Timer> {
  private let timer: Device
  private let period: UInt64
  private var deadline: UInt64

  /// A ticker that begins at `start`, and asks the timer for its first tick.
  ///
  /// - Precondition: `period` is not 0.
  public init(timer: Device, start: UInt64, period: UInt64) {
    precondition(period > 0)
    self.timer = timer
    self.period = period
    //@ solution
    deadline = start.addingOrNever(period)
    timer.interrupt(at: deadline)
    //@ stub
    //| // TODO: when is the first tick due? Ask the timer for it. Remove `todo`.
    //| todo("2.3")
    //@ end
  }

  /// Counts the ticks that were due since the last call, and asks the timer for
  /// the first one that is due after `now`. To be called when the timer
  /// interrupts; takes the same short time however late it is.
  ///
  /// - Parameter now: The time, which never goes back.
  /// - Returns: How many ticks were due, 0 if the interrupt came early.
  public mutating func interrupted(at now: UInt64) -> UInt64 {
    //@ solution
    guard now >= deadline, deadline != .max else {
      timer.interrupt(at: deadline)
      return 0
    }
    let missed = (now - deadline) / period
    // Behind `now` by one period at most: only the last step can overflow.
    let last = deadline + missed * period
    deadline = last.addingOrNever(period)
    timer.interrupt(at: deadline)
    return missed + 1
    //@ stub
    //| // TODO: how many ticks were due? When is the next one? Remove `todo`.
    //| todo("2.3")
    //@ end
  }

  /// No more ticks: the timer is asked for none, and none is counted again.
  public mutating func stop() {
    //@ solution
    deadline = .max
    timer.interrupt(at: .max)
    //@ stub
    //| // TODO: ask the timer for `UInt64.max`. Remove `todo`.
    //| todo("2.3")
    //@ end
  }
}
//@ solution

extension UInt64 {
  /// The time this much later, or `max` if it never comes.
  fileprivate func addingOrNever(_ time: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(time)
    return overflow ? .max : sum
  }
}
//@ stub
//@ end
