// Right: a heap from the textbook, of pairs that are swapped one by one. The
// budget leaves room for it.
// SPDX-License-Identifier: BSD-3-Clause

public struct DueList {
  private struct Entry {
    var sleeper: Int
    var due: UInt64
  }

  private var heap: [Entry] = []
  private var positions: [Int?]

  public init(capacity: Int) {
    positions = Array(repeating: nil, count: capacity)
  }

  public mutating func insert(_ sleeper: Int, due time: UInt64) {
    heap.append(Entry(sleeper: sleeper, due: time))
    positions[sleeper] = heap.count - 1
    siftUp(heap.count - 1)
  }

  public mutating func remove(_ sleeper: Int) -> Bool {
    guard let index = positions[sleeper] else { return false }
    removeEntry(at: index)
    return true
  }

  public mutating func popDue(now: UInt64) -> Int? {
    guard let first = heap.first, first.due <= now else { return nil }
    removeEntry(at: 0)
    return first.sleeper
  }

  private mutating func removeEntry(at index: Int) {
    let last = heap.count - 1
    swap(index, last)
    let removed = heap.removeLast()
    positions[removed.sleeper] = nil
    guard index < heap.count else { return }
    siftDown(index)
    siftUp(index)
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    var parent = (child - 1) / 2
    while child > 0 && heap[child].due < heap[parent].due {
      swap(child, parent)
      child = parent
      parent = (child - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      let right = left + 1
      var candidate = parent
      if left < heap.count && heap[left].due < heap[candidate].due {
        candidate = left
      }
      if right < heap.count && heap[right].due < heap[candidate].due {
        candidate = right
      }
      if candidate == parent { return }
      swap(parent, candidate)
      parent = candidate
    }
  }

  private mutating func swap(_ one: Int, _ other: Int) {
    heap.swapAt(one, other)
    positions[heap[one].sleeper] = one
    positions[heap[other].sleeper] = other
  }
}
