// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Console
  import Exercise_2_3
  import Grading
  import Hart
  import Traps

  /// A ticker on the board's own timer, and what came of it.
  ///
  /// Nothing here depends on how fast the machine is: ticks may be late, but
  /// none may come before it is due, and all must be counted.
  @safe
  private enum RealTicks {
    // Written by the interrupt, and while interrupts are off.
    nonisolated(unsafe) static var ticker: Ticker<BoardTimer>?
    nonisolated(unsafe) static var start: UInt64 = 0
    nonisolated(unsafe) static var period: UInt64 = 0
    nonisolated(unsafe) static var interrupts: UInt64 = 0
    nonisolated(unsafe) static var ticks: UInt64 = 0
    nonisolated(unsafe) static var last: UInt64 = 0
    /// Whether each third interrupt takes more than three periods.
    nonisolated(unsafe) static var isSlow = false
    nonisolated(unsafe) static var early: UInt64 = 0

    static func interrupted() {
      let now = Hart.time
      unsafe interrupts += 1
      unsafe ticks &+= ticker?.interrupted(at: now) ?? 0
      unsafe last = now
      if unsafe now < start &+ ticks &* period { unsafe early += 1 }
      guard unsafe isSlow && interrupts % 3 == 0 else { return }
      while unsafe Hart.time < now + 3 * period + period / 5 * 3 {}
    }

    /// Lets `count` ticks come, or gives up after four times as long.
    static func run(count: UInt64, isSlow: Bool) {
      unsafe (interrupts, ticks, last, early) = (0, 0, 0, 0)
      unsafe self.isSlow = isSlow
      unsafe period = Trap.clock.ticks(nanoseconds: 1_000_000)
      unsafe start = Hart.time
      unsafe ticker = Ticker(timer: Trap.timer, start: start, period: period)
      Trap.onInterrupt(.timer) { RealTicks.interrupted() }
      Hart.enable(.timer)
      let end = unsafe start + 4 * count * period
      while unsafe ticks < count && Hart.time < end {
        Hart.enableInterrupts()
        Hart.disableInterrupts()
      }
      unsafe ticker?.stop()
      Hart.disable(.timer)
      Trap.onInterrupt(.timer, nil)
    }
  }

  func checkRealTicks(_ grader: inout Grader) {
    grader.check("twenty real ticks come, none too early") { report in
      RealTicks.run(count: 20, isSlow: false)
      report.expectRealTicks(20)
    }
    grader.check("slow handlers lose no tick and delay none", worth: 2) {
      report in
      RealTicks.run(count: 20, isSlow: true)
      report.expectRealTicks(20)
      let interrupts = unsafe RealTicks.interrupts
      report.expect(
        interrupts < 20, given: "20 ticks, of which some were missed",
        expected: "fewer than 20 interrupts", got: "\(interrupts)")
    }
    grader.check("a stopped ticker stays silent") { report in
      RealTicks.run(count: 2, isSlow: false)
      Hart.enable(.timer)
      let end = unsafe Hart.time + 5 * RealTicks.period
      while Hart.time < end {}
      report.expect(
        !Hart.pendingInterrupts.contains(.timer),
        given: "five periods after stop()", expected: "no timer interrupt",
        got: "a timer interrupt")
      Hart.disable(.timer)
    }
  }

  extension Report {
    /// At least `count` ticks were counted, as many as time has passed.
    fileprivate mutating func expectRealTicks(_ count: UInt64) {
      let (ticks, early) = unsafe (RealTicks.ticks, RealTicks.early)
      let due = unsafe (RealTicks.last - RealTicks.start) / RealTicks.period
      expect(
        ticks >= count, given: "a ticker of 1 ms on the board's own timer",
        expected: "at least \(count) ticks", got: "\(ticks)")
      expect(
        early == 0, given: "a ticker of 1 ms on the board's own timer",
        expected: "no tick before it is due", got: "\(early)")
      expect(
        ticks == due, given: "a ticker of 1 ms on the board's own timer",
        expected: "\(due) ticks by the last interrupt", got: "\(ticks)")
    }
  }
#endif
