// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 5.2: who wakes first. See `make hint EX=5.2`.

import Todo

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
