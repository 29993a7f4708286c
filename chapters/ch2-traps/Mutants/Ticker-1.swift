// Misses the point: the next tick is due one period from now, so that delays
// add up.
// SPDX-License-Identifier: BSD-3-Clause

import Traps

public struct Ticker<Device: Timer> {
  private let timer: Device
  private let period: UInt64
  private var deadline: UInt64

  public init(timer: Device, start: UInt64, period: UInt64) {
    self.timer = timer
    self.period = period
    deadline = later(start, by: period)
    timer.interrupt(at: deadline)
  }

  public mutating func interrupted(at now: UInt64) -> UInt64 {
    guard now >= deadline, deadline != .max else {
      timer.interrupt(at: deadline)
      return 0
    }
    let due = (now - deadline) / period + 1
    deadline = later(now, by: period)
    timer.interrupt(at: deadline)
    return due
  }

  public mutating func stop() {
    deadline = .max
    timer.interrupt(at: .max)
  }
}

private func later(_ time: UInt64, by period: UInt64) -> UInt64 {
  let (sum, overflow) = time.addingReportingOverflow(period)
  return overflow ? .max : sum
}
