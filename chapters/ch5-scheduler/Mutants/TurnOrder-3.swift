// Wrong: takes the new threads for older than the first one, which runs on.
// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

public final class Turns: @unchecked Sendable {
  public private(set) var letters: [UInt8] = []

  public init() {}

  public func say(_ letter: UInt8) { letters.append(letter) }
}

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

public enum Prediction {
  public static var firstCome: StaticString {
    "abbcmadcadcbm"
  }

  public static var strictPriority: StaticString {
    "bbmddbacacacm"
  }
}
