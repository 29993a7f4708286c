// SPDX-License-Identifier: BSD-3-Clause

import Ch6Shared
import Exercise_6_3

/// A lock, and who is inside.
final class Room: @unchecked Sendable {
  let lock = FairReadWriteLock()
  var readers = 0
  var writers = 0
  var mostReaders = 0
  var entries = 0
  var ended = 0
  var isBroken = false

  func read(_ delay: UInt64) {
    lock.beginReading()
    readers += 1
    enter()
    yield(times: delay)
    look()
    readers -= 1
    lock.endReading()
  }

  func write(_ delay: UInt64) {
    lock.beginWriting()
    writers += 1
    enter()
    yield(times: delay)
    look()
    writers -= 1
    lock.endWriting()
  }

  private func enter() {
    entries += 1
    mostReaders = max(mostReaders, readers)
    look()
  }

  private func look() {
    if writers > 1 || writers == 1 && readers > 0 { isBroken = true }
  }
}
