// Wrong: a thread that is spawned runs at once, under every policy.
// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 5.1: whose turn it is. See `make hint EX=5.1`.

import Scheduling

/// Writes down who says something, in order.
public final class Turns: @unchecked Sendable {
  public private(set) var letters: [UInt8] = []

  public init() {}

  public func say(_ letter: UInt8) { letters.append(letter) }
}

/// The program whose order you predict. Leave it as it is.
///
/// The first thread calls it. It has the priority 16, and waits for the others
/// at the end. No thread uses up a slice.
public func takeTurns(_ turns: Turns) throws(ThreadError) {
  let a = try Thread.spawn("a", priority: 10) {
    for _ in 0..<3 {
      turns.say(UInt8(ascii: "a"))
      Thread.yield()
    }
  }
  let b = try Thread.spawn("b", priority: 20) {
    turns.say(UInt8(ascii: "b"))
    let d = try? Thread.spawn("d", priority: 15) {
      for _ in 0..<2 {
        turns.say(UInt8(ascii: "d"))
        Thread.yield()
      }
    }
    turns.say(UInt8(ascii: "b"))
    try? d?.join()
    turns.say(UInt8(ascii: "b"))
  }
  let c = try Thread.spawn("c", priority: 10) {
    for _ in 0..<3 {
      turns.say(UInt8(ascii: "c"))
      Thread.yield()
    }
  }
  turns.say(UInt8(ascii: "m"))
  try a.join()
  try b.join()
  try c.join()
  turns.say(UInt8(ascii: "m"))
}

/// The letters in the order in which they are said.
public enum Prediction {
  /// Under `FirstCome`.
  public static var firstCome: StaticString {
    "abdbcmdacdabm"
  }

  /// Under `StrictPriority`.
  public static var strictPriority: StaticString {
    "bbmddbacacacm"
  }
}
