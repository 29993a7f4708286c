// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

/// Numbers that look random, the same for the same seed.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func roll(_ sides: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int((state >> 16) % UInt64(sides))
  }
}

/// Runs `body` on a hart of its own, whose clock goes on by one tick whenever
/// interrupts are enabled, and to the next deadline whenever it is idle.
func onOwnHart<Result>(
  _ body: (SimulatedHart) throws -> Result
) rethrows -> Result {
  let hart = SimulatedHart()
  hart.onInterruptsEnabled = { hart in
    hart.time += 1
    hart.deliverTimerInterrupt()
  }
  hart.onWait = { hart in
    hart.time = max(hart.time, hart.timerComparison ?? 0)
  }
  return try hart.run { try body(hart) }
}

/// Lets simulated time pass, and interrupts come in between.
func compute(_ rounds: Int) {
  for _ in 0..<rounds {
    Hart.disableInterrupts()
    Hart.enableInterrupts()
  }
}

/// What several threads of a test write down. They share one hart.
final class Log: @unchecked Sendable {
  var text = ""
  func callAsFunction(_ word: String) { text += word }
}
