// SPDX-License-Identifier: BSD-3-Clause

/// First come, first served, without pre-emption: a thread runs until it
/// waits, yields or ends. Such scheduling is called cooperative.
///
/// It is the cheapest, and what a program sees between two waits never changes
/// under its hands. One thread that never waits keeps all others from running.
public struct FirstCome: SchedulingPolicy {
  public static var name: StaticString { "first come" }
  public static var timeSlice: UInt64? { nil }

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
