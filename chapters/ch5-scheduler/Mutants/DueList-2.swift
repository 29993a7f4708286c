// Misses the point: looks at each sleeper in every call.
// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 5.2: who wakes first. See `make hint EX=5.2`.

/// Sleepers, each with the time at which it is due.
///
/// A sleeper is a number from 0 up to the capacity. Among 1000 sleepers, no
/// call may cost more than a budget of instructions, so that looking at
/// each of them is too dear.
public struct DueList {
  private var due: [UInt64?]

  /// An empty list for the sleepers 0 up to `capacity`.
  public init(capacity: Int) { due = Array(repeating: nil, count: capacity) }

  /// Adds a sleeper that is not there, to be woken at the time `time`.
  public mutating func insert(_ sleeper: Int, due time: UInt64) {
    due[sleeper] = time
  }

  /// Takes a sleeper out, whatever its time.
  ///
  /// - Returns: Whether it was there.
  public mutating func remove(_ sleeper: Int) -> Bool {
    guard due[sleeper] != nil else { return false }
    due[sleeper] = nil
    return true
  }

  /// Takes out the sleeper whose time comes first, if it has come: if it is
  /// `now` or before. Among equals, it may be any.
  public mutating func popDue(now: UInt64) -> Int? {
    var first: Int?
    var earliest = now
    for (sleeper, time) in due.enumerated() {
      guard let time, time <= earliest else { continue }
      (first, earliest) = (sleeper, time)
    }
    if let first { due[first] = nil }
    return first
  }
}
