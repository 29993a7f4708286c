// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 5.2: who wakes first. See `make hint EX=5.2`.

import Todo

/// Sleepers, each with the time at which it is due.
///
/// A sleeper is a number from 0 up to the capacity. Among 1000 sleepers, no
/// call may cost more than a budget of instructions, so that looking at
/// each of them is too dear.
public struct DueList {
  // TODO: what must the list remember?

  /// An empty list for the sleepers 0 up to `capacity`.
  public init(capacity: Int) {
    // TODO: make room. Remove `todo`.
    todo("5.2")
  }

  /// Adds a sleeper that is not there, to be woken at the time `time`.
  public mutating func insert(_ sleeper: Int, due time: UInt64) {
    // TODO: put it where it belongs. Remove `todo`.
    todo("5.2")
  }

  /// Takes a sleeper out, whatever its time.
  ///
  /// - Returns: Whether it was there.
  public mutating func remove(_ sleeper: Int) -> Bool {
    // TODO: take it out, and close the gap. Remove `todo`.
    todo("5.2")
  }

  /// Takes out the sleeper whose time comes first, if it has come: if it is
  /// `now` or before. Among equals, it may be any.
  public mutating func popDue(now: UInt64) -> Int? {
    // TODO: the first one, if it is due. Remove `todo`.
    todo("5.2")
  }
}
