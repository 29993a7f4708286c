// Wrong: compares times as if they had a sign.
// SPDX-License-Identifier: BSD-3-Clause

public struct DueList {
  private var heap: [Int] = []
  private var due: [UInt64]
  private var place: [Int]

  public init(capacity: Int) {
    due = Array(repeating: 0, count: capacity)
    place = Array(repeating: -1, count: capacity)
    heap.reserveCapacity(capacity)
  }

  public mutating func insert(_ sleeper: Int, due time: UInt64) {
    due[sleeper] = time
    heap.append(sleeper)
    rise(sleeper, from: heap.count - 1)
  }

  public mutating func remove(_ sleeper: Int) -> Bool {
    let hole = place[sleeper]
    guard hole >= 0, let last = heap.popLast() else { return false }
    place[sleeper] = -1
    guard hole < heap.count else { return true }
    rise(last, from: hole)
    sink(last, from: place[last])
    return true
  }

  public mutating func popDue(now: UInt64) -> Int? {
    guard let first = heap.first, due[first] <= now else { return nil }
    return remove(first) ? first : nil
  }

  private mutating func rise(_ sleeper: Int, from start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard
        Int64(bitPattern: due[sleeper]) < Int64(bitPattern: due[heap[parent]])
      else { break }
      put(heap[parent], at: index)
      index = parent
    }
    put(sleeper, at: index)
  }

  private mutating func sink(_ sleeper: Int, from start: Int) {
    var index = start
    while 2 * index + 1 < heap.count {
      var child = 2 * index + 1
      if child + 1 < heap.count,
        Int64(bitPattern: due[heap[child + 1]])
          < Int64(bitPattern: due[heap[child]])
      {
        child += 1
      }
      guard
        Int64(bitPattern: due[heap[child]]) < Int64(bitPattern: due[sleeper])
      else { break }
      put(heap[child], at: index)
      index = child
    }
    put(sleeper, at: index)
  }

  private mutating func put(_ sleeper: Int, at index: Int) {
    heap[index] = sleeper
    place[sleeper] = index
  }
}
