// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// The threads that wait for a time, the one whose time comes first at the
/// front. Textbooks call the structure a binary heap:
///
///                    [0] 12 ms             no thread wakes before the one
///                   ╱         ╲            above it; the children of place i
///             [1] 30 ms     [2] 15 ms      are the places 2i + 1 and 2i + 2
///             ╱       ╲      ╱
///       [3] 31 ms  [4] 90 ms [5] 20 ms
///
/// Looking at the first costs nothing; inserting and removing among n threads
/// exchange at most log2(n) pairs. Room is made when a thread is created, so
/// that going to sleep cannot fail.
struct SleepQueue: ~Copyable {
  private var places = SleepHeapStorage()
  private(set) var count = 0

  /// The thread whose time comes first.
  @inline(__always)
  var first: ThreadReference? { count == 0 ? nil : places[0] }

  /// Makes room for `count` threads.
  ///
  /// - Returns: Whether there is enough memory.
  mutating func reserve(_ count: Int) -> Bool {
    places.capacity >= count || places.grow(to: max(32, count * 2), self.count)
  }

  /// Adds a thread that is not there, to be woken at its `wakeTime`.
  mutating func insert(_ thread: ThreadReference) {
    count += 1
    rise(thread, from: count - 1)
  }

  /// Takes a thread out that is there.
  mutating func remove(_ thread: ThreadReference) {
    let hole = thread.record.sleepIndex
    thread.record.sleepIndex = -1
    count -= 1
    guard hole < count else { return }
    let last = places[count]
    if hole > 0, last.wakes(before: places[(hole - 1) / 2]) {
      rise(last, from: hole)
    } else {
      sink(last, from: hole)
    }
  }

  /// Puts a thread at `index` or as much higher as it belongs.
  private func rise(_ thread: ThreadReference, from index: Int) {
    var index = index
    while index > 0 {
      let parent = (index - 1) / 2
      guard thread.wakes(before: places[parent]) else { break }
      put(places[parent], at: index)
      index = parent
    }
    put(thread, at: index)
  }

  /// Puts a thread at `index` or as much lower as it belongs.
  private func sink(_ thread: ThreadReference, from index: Int) {
    var index = index
    while true {
      var child = 2 * index + 1
      guard child < count else { break }
      if child + 1 < count, places[child + 1].wakes(before: places[child]) {
        child += 1
      }
      guard places[child].wakes(before: thread) else { break }
      put(places[child], at: index)
      index = child
    }
    put(thread, at: index)
  }

  private func put(_ thread: ThreadReference, at index: Int) {
    places[index] = thread
    thread.record.sleepIndex = index
  }
}

extension ThreadReference {
  fileprivate func wakes(before other: ThreadReference) -> Bool {
    record.wakeTime < other.record.wakeTime
  }
}

/// The heap's array. Swift's own array would end the program when there is no
/// memory left for it.
@frozen @usableFromInline @safe
struct SleepHeapStorage: ~Copyable {
  private var start: UnsafeMutablePointer<ThreadReference>?
  private(set) var capacity = 0

  /// - Precondition: `index` is below the capacity, and what is read was
  ///   written before; `SleepQueue` sees to it.
  subscript(index: Int) -> ThreadReference {
    get { unsafe start.unsafelyUnwrapped[index] }
    nonmutating set { unsafe start.unsafelyUnwrapped[index] = newValue }
  }

  /// Moves the first `used` to a larger array.
  mutating func grow(to capacity: Int, _ used: Int) -> Bool {
    let size = capacity * MemoryLayout<ThreadReference>.stride
    guard let memory = unsafe malloc(size) else { return false }
    let larger = unsafe memory.bindMemory(
      to: ThreadReference.self, capacity: capacity)
    if let start = unsafe start {
      unsafe larger.update(from: start, count: used)
      unsafe free(start)
    }
    unsafe start = unsafe larger
    self.capacity = capacity
    return true
  }

  deinit { if let start = unsafe start { unsafe free(start) } }
}
