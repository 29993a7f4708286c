// SPDX-License-Identifier: BSD-3-Clause

/// Each thread in turn, for a slice of time: a thread that has used up its slice
/// goes to the end of the queue. Such scheduling is called pre-emptive.
///
/// With n threads ready that compute, each gets the hart again after n - 1
/// slices; if some of them wait or yield, after twice as long at most.
/// Priorities mean nothing.
///
/// The operations on the run queue are those of `FirstCome`, line for line: each
/// policy is read, and replaced, as a whole.
public struct RoundRobin: SchedulingPolicy {
  public static var name: StaticString { "round robin" }
  /// One millisecond.
  public static var timeSlice: UInt64? { 1_000_000 }

  private var queue = ThreadList()

  public init() {}

  @inline(__always)
  public var isEmpty: Bool { queue.isEmpty }

  @inline(__always)
  public mutating func add(_ thread: ThreadReference) { queue.append(thread) }

  public mutating func putBack(_ thread: ThreadReference) {
    queue.prepend(thread)
  }

  @inline(__always)
  public mutating func takeNext() -> ThreadReference? { queue.removeFirst() }

  @inline(__always)
  public mutating func rotate(_ running: ThreadReference) -> ThreadReference? {
    queue.rotate(running)
  }

  public mutating func remove(_ thread: ThreadReference) {
    queue.remove(thread)
  }
}
