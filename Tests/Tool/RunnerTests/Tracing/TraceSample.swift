// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner
@testable import Tracing

/// What a program with two schedulers prints: 1 tick is 0.1 µs.
enum TraceSample {
  static let text = """
    Swiftkraft, chapter 5
    tracing starts
    trace frequency 10000000
    trace 0 1000 begin round robin
    trace 0 1000 spawn 1 10 worker A
    trace 0 1100 spawn 2 10 <b> & "c"
    trace 0 1200 run 1
    trace 0 2200 interrupt timer
    trace 0 2200 preempt 1
    trace 0 2300 run 2
    trace 0 2800 block 2 sleep
    trace 0 2900 run 1
    trace 0 3900 exit 1
    trace 0 4000 run 0
    trace 0 5000 interrupt timer
    trace 0 5000 wake 2
    trace 0 5100 run 2
    trace 0 5600 exit 2
    trace 0 5700 end
    trace 0 6000 begin priority
    trace 0 6000 spawn 3 1 low
    trace 0 6000 spawn 4 20 high
    trace 0 6100 run 4
    trace 0 6200 run 3
    trace 0 6400 run 4
    trace 0 6500 block 4 mutex
    trace 0 6600 run 3
    trace 0 6700 block 3 a lock, held by high
    trace 0 6700 run 0
    trace 0 7000 end
    trace lost 0
    trace complete
    """

  static var lines: [String] {
    text.split(separator: "\n").map(String.init)
  }

  static func trace() throws -> Trace { try #require(Trace(lines)) }

  /// A trace of these lines, without the word `trace`.
  static func trace(_ lines: String...) throws -> Trace {
    try #require(Trace(lines.map { "trace " + $0 }))
  }
}

/// Threads and schedulers at random: most of it makes sense.
func randomTrace(_ random: inout some RandomNumberGenerator) -> [String] {
  var ticks: UInt64 = 0
  var lines = ["trace frequency 10000000", "trace 0 0 begin any"]
  for _ in 0..<300 {
    ticks += .random(in: 0...50, using: &random)
    let hart = Int.random(in: 0...1, using: &random)
    let thread = Int.random(in: 1...6, using: &random)
    let action = [
      "run \(thread)", "run \(thread)", "run 0", "wake \(thread)",
      "block \(thread) mutex", "preempt \(thread)", "interrupt timer",
      "spawn \(thread) 3 some name", "exit \(thread)",
    ].randomElement(using: &random)
    lines.append("trace \(hart) \(ticks) \(action ?? "")")
    if ticks % 97 == 0 { lines.append("trace 0 \(ticks) begin another") }
  }
  return lines + ["trace 0 \(ticks) end", "trace complete"]
}

/// The same numbers on every machine (Steele et al., "Fast splittable
/// pseudorandom number generators", 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
