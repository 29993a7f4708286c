// Misses the point: lets writers in past readers that wait: readers starve.
// SPDX-License-Identifier: BSD-3-Clause

import IPC
import Scheduling

public final class FairReadWriteLock: @unchecked Sendable {
  private let queue = WaitQueue("a turn")
  private var readers = 0
  private var writers = 0
  private var isWriting = false

  public init() {}

  public func beginReading() {
    queue.wait { !isWriting && writers == 0 }
    readers += 1
  }

  public func endReading() {
    readers -= 1
    queue.wakeAll()
  }

  public func beginWriting() {
    writers += 1
    queue.wait { !isWriting && readers == 0 }
    writers -= 1
    isWriting = true
  }

  public func endWriting() {
    isWriting = false
    queue.wakeAll()
  }
}
