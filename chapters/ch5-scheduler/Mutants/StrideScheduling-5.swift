// Wrong: a thread that comes back loses what it has paid already.
// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

public struct Stride: SchedulingPolicy {
  public static var name: StaticString { "stride" }
  public static var timeSlice: UInt64? { 1_000_000 }

  private var queue = ThreadList()
  private var lastPass: UInt64 = 0

  public init() {}

  public var isEmpty: Bool { queue.isEmpty }

  public mutating func remove(_ thread: ThreadReference) {
    queue.remove(thread)
  }

  public mutating func add(_ thread: ThreadReference) {
    settle(thread)
    queue.append(thread)
  }

  public mutating func putBack(_ thread: ThreadReference) {
    thread.record.policyWord &-= stride(of: thread)
    settle(thread)
    queue.prepend(thread)
  }

  public mutating func takeNext() -> ThreadReference? {
    guard let next = lowest else { return nil }
    queue.remove(next)
    lastPass = next.record.policyWord
    next.record.policyWord &+= stride(of: next)
    return next
  }

  private var lowest: ThreadReference? {
    var lowest = queue.first
    var candidate = lowest?.record.next
    while let thread = candidate {
      if let best = lowest, thread.pass(isBefore: best.record.policyWord) {
        lowest = thread
      }
      candidate = thread.record.next
    }
    return lowest
  }

  private func stride(of thread: ThreadReference) -> UInt64 {
    (1 << 20) / (UInt64(thread.record.priority.level) + 1)
  }

  private func settle(_ thread: ThreadReference) {
    thread.record.policyWord = lastPass
  }
}

extension ThreadReference {
  fileprivate func pass(isBefore pass: UInt64) -> Bool {
    Int64(bitPattern: record.policyWord &- pass) < 0
  }
}
