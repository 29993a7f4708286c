// Misses the point: an array in order, in which one sleeper shifts the others.
// SPDX-License-Identifier: BSD-3-Clause

public struct DueList {
  /// The last one is due first.
  private var order: [Int] = []
  private var due: [UInt64?]

  public init(capacity: Int) {
    due = Array(repeating: nil, count: capacity)
    order.reserveCapacity(capacity)
  }

  public mutating func insert(_ sleeper: Int, due time: UInt64) {
    due[sleeper] = time
    order.insert(sleeper, at: place(of: time))
  }

  public mutating func remove(_ sleeper: Int) -> Bool {
    guard let time = due[sleeper] else { return false }
    var index = place(of: time)
    while order[index] != sleeper { index += 1 }
    order.remove(at: index)
    due[sleeper] = nil
    return true
  }

  public mutating func popDue(now: UInt64) -> Int? {
    guard let first = order.last, let time = due[first], time <= now else {
      return nil
    }
    order.removeLast()
    due[first] = nil
    return first
  }

  /// The first place that is not due after `time`.
  private func place(of time: UInt64) -> Int {
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if due[order[middle]] ?? 0 > time {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
