// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling

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
