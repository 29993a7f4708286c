// Misses the point: yields until its turn has come instead of sleeping.
// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

public final class FairReadWriteLock: @unchecked Sendable {
  private var readers = 0
  private var isWriting = false
  private var nextTicket = 0
  private var turn = 0

  public init() {}

  public func beginReading() {
    let ticket = takeTicket()
    while ticket != turn || isWriting { Thread.yield() }
    readers += 1
    turn += 1
  }

  public func endReading() {
    readers -= 1
  }

  public func beginWriting() {
    let ticket = takeTicket()
    while ticket != turn || isWriting || readers > 0 { Thread.yield() }
    isWriting = true
    turn += 1
  }

  public func endWriting() {
    isWriting = false
  }

  private func takeTicket() -> Int {
    defer { nextTicket += 1 }
    return nextTicket
  }
}
