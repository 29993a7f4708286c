// Wrong: readers go in one after the other, as if they were writers.
// SPDX-License-Identifier: BSD-3-Clause

import IPC
import Scheduling

public final class FairReadWriteLock: @unchecked Sendable {
  private let queue = WaitQueue("a turn")
  private var readers = 0
  private var isWriting = false
  private var nextTicket = 0
  private var turn = 0

  public init() {}

  public func beginReading() {
    var ticket = -1
    queue.wait {
      if ticket < 0 { ticket = takeTicket() }
      guard ticket == turn, !isWriting, readers == 0 else { return false }
      readers += 1
      turn += 1
      return true
    }
    // The next one may be a reader, too.
    queue.wakeAll()
  }

  public func endReading() {
    queue.wait {
      readers -= 1
      return true
    }
    queue.wakeAll()
  }

  public func beginWriting() {
    var ticket = -1
    queue.wait {
      if ticket < 0 { ticket = takeTicket() }
      guard ticket == turn, !isWriting, readers == 0 else { return false }
      isWriting = true
      turn += 1
      return true
    }
  }

  public func endWriting() {
    isWriting = false
    queue.wakeAll()
  }

  private func takeTicket() -> Int {
    defer { nextTicket += 1 }
    return nextTicket
  }
}
