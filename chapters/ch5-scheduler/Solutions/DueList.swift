// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 5.2: who wakes first. See `make hint EX=5.2`.

//@ solution
//@ stub
//| import Todo
//|
//@ end
/// Sleepers, each with the time at which it is due.
///
/// A sleeper is a number from 0 up to the capacity, which may be 0. A time may
/// be any number.
///
/// The budget is 1500 instructions for each call, the most expensive one
/// included, while there are up to 1000 sleepers. It is measured in the booted
/// image, where the hart counts exactly, once the list has held 1000 sleepers,
/// so that no array grows. A binary heap from a textbook takes up to 1000.
/// Looking at each sleeper, or shifting those of an array, takes more than the
/// budget.
public struct DueList {
  //@ solution
  /// The sleepers, as a binary heap: none is due before the one above it.
  private var heap: [Int] = []
  /// When each sleeper is due, and its place in the heap, or -1.
  private var due: [UInt64]
  private var place: [Int]
  //@ stub
  //| // TODO: what must the list remember?
  //@ end

  /// An empty list for the sleepers 0 up to `capacity`.
  public init(capacity: Int) {
    //@ solution
    due = Array(repeating: 0, count: capacity)
    place = Array(repeating: -1, count: capacity)
    heap.reserveCapacity(capacity)
    //@ stub
    //| // TODO: make room. Remove `todo`.
    //| todo("5.2")
    //@ end
  }

  /// Adds a sleeper that is not there, to be woken at the time `time`.
  public mutating func insert(_ sleeper: Int, due time: UInt64) {
    //@ solution
    due[sleeper] = time
    heap.append(sleeper)
    rise(sleeper, from: heap.count - 1)
    //@ stub
    //| // TODO: put it where it belongs. Remove `todo`.
    //| todo("5.2")
    //@ end
  }

  /// Takes a sleeper out, whatever its time.
  ///
  /// - Returns: Whether it was there.
  public mutating func remove(_ sleeper: Int) -> Bool {
    //@ solution
    let hole = place[sleeper]
    guard hole >= 0, let last = heap.popLast() else { return false }
    place[sleeper] = -1
    guard hole < heap.count else { return true }
    rise(last, from: hole)
    sink(last, from: place[last])
    return true
    //@ stub
    //| // TODO: take it out, and close the gap. Remove `todo`.
    //| todo("5.2")
    //@ end
  }

  /// Takes out the sleeper whose time comes first, if it has come: if it is
  /// `now` or before. Among equals, it may be any.
  public mutating func popDue(now: UInt64) -> Int? {
    //@ solution
    guard let first = heap.first, due[first] <= now else { return nil }
    return remove(first) ? first : nil
    //@ stub
    //| // TODO: the first one, if it is due. Remove `todo`.
    //| todo("5.2")
    //@ end
  }
  //@ solution

  private mutating func rise(_ sleeper: Int, from start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard due[sleeper] < due[heap[parent]] else { break }
      put(heap[parent], at: index)
      index = parent
    }
    put(sleeper, at: index)
  }

  private mutating func sink(_ sleeper: Int, from start: Int) {
    var index = start
    while 2 * index + 1 < heap.count {
      var child = 2 * index + 1
      if child + 1 < heap.count, due[heap[child + 1]] < due[heap[child]] {
        child += 1
      }
      guard due[heap[child]] < due[sleeper] else { break }
      put(heap[child], at: index)
      index = child
    }
    put(sleeper, at: index)
  }

  private mutating func put(_ sleeper: Int, at index: Int) {
    heap[index] = sleeper
    place[sleeper] = index
  }
  //@ stub
  //@ end
}
