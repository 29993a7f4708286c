// Wrong: after an early interrupt, the timer is not asked again.
// SPDX-License-Identifier: BSD-3-Clause

import Traps

public struct Ticker<Device: Timer> {
  private let timer: Device
  private let period: UInt64
  private var deadline: UInt64

  public init(timer: Device, start: UInt64, period: UInt64) {
    precondition(period > 0)
    self.timer = timer
    self.period = period
    deadline = start.addingOrNever(period)
    timer.interrupt(at: deadline)
  }

  public mutating func interrupted(at now: UInt64) -> UInt64 {
    guard now >= deadline, deadline != .max else {
      return 0
    }
    let missed = (now - deadline) / period
    // Behind `now` by one period at most: only the last step can overflow.
    let last = deadline + missed * period
    deadline = last.addingOrNever(period)
    timer.interrupt(at: deadline)
    return missed + 1
  }

  public mutating func stop() {
    deadline = .max
    timer.interrupt(at: .max)
  }
}

extension UInt64 {
  fileprivate func addingOrNever(_ time: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(time)
    return overflow ? .max : sum
  }
}
