// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_2_3
import Grading
import Traps

/// A timer that remembers what it was asked for.
@safe
struct SimulatedTimer: Timer {
  // Used by one check at a time.
  private nonisolated(unsafe) static var deadline: UInt64?
  private nonisolated(unsafe) static var calls: UInt64 = 0

  /// What the ticker has asked for last.
  var deadline: UInt64? { unsafe Self.deadline }

  /// How often it was asked since the last look.
  func takeCalls() -> UInt64 {
    defer { unsafe Self.calls = 0 }
    return unsafe Self.calls
  }

  init() { unsafe (Self.deadline, Self.calls) = (nil, 0) }

  func interrupt(at deadline: UInt64) {
    unsafe Self.deadline = deadline
    unsafe Self.calls += 1
  }
}

func checkTicker(_ grader: inout Grader) {
  grader.check("the first tick is due one period after the start") { report in
    var test = TickerTest(start: 1000, period: 50)
    report.expect(&test, asks: 1050)
  }
  grader.check("punctual ticks are a period apart") { report in
    var test = TickerTest(start: 1000, period: 50)
    for tick in 1...UInt64(20) {
      report.expect(
        &test, at: 1000 + tick * 50, ticks: 1, asks: 1050 + tick * 50)
    }
  }
  grader.check("a late tick does not delay the next one", worth: 4) {
    report in
    var test = TickerTest(start: 1000, period: 50)
    report.expect(&test, at: 1057, ticks: 1, asks: 1100)
    report.expect(&test, at: 1149, ticks: 1, asks: 1150)
    report.expect(&test, at: 1150, ticks: 1, asks: 1200)
  }
  grader.check("ticks that were missed are counted at once", worth: 3) {
    report in
    var test = TickerTest(start: 1000, period: 50)
    report.expect(&test, at: 1175, ticks: 3, asks: 1200)
    report.expect(&test, at: 1300, ticks: 3, asks: 1350)
  }
  grader.check("an early interrupt is no tick, and asks again") { report in
    var test = TickerTest(start: 1000, period: 50)
    report.expect(&test, at: 1049, ticks: 0, asks: 1050)
    report.expect(&test, at: 1050, ticks: 1, asks: 1100)
    report.expect(&test, at: 1051, ticks: 0, asks: 1100)
  }
  grader.check("random delays lose no tick and make none", worth: 3) {
    report in
    var random = report.random()
    for _ in 0..<100 {
      guard report.expectRandomTicks(&random) else { return }
    }
  }
  checkLimits(&grader)
  #if arch(riscv64)
    checkRealTicks(&grader)
  #endif
}

private func checkLimits(_ grader: inout Grader) {
  grader.check("a stopped ticker asks for never and counts nothing") {
    report in
    var test = TickerTest(start: 1000, period: 50)
    test.ticker.stop()
    _ = test.timer.takeCalls()
    report.expect(&test, asks: .max)
    report.expect(&test, at: 5000, ticks: 0, asks: .max)
    report.expect(&test, at: .max, ticks: 0, asks: .max)
  }
  grader.check("at the end of time nothing traps") { report in
    var test = TickerTest(start: .max - 100, period: 60)
    report.expect(&test, asks: .max - 40)
    report.expect(&test, at: .max - 5, ticks: 1, asks: .max)
    var never = TickerTest(start: .max - 10, period: .max)
    report.expect(&never, asks: .max)
    report.expect(&never, at: .max, ticks: 0, asks: .max)
  }
  grader.check("a long delay takes no longer than a short one", worth: 2) {
    report in
    var random = report.random()
    let period = 1 + random.next(below: 4)
    var test = TickerTest(start: 0, period: period)
    let ticks = UInt64(1) << 60
    report.expect(
      &test, at: ticks * period, ticks: ticks, asks: (ticks + 1) * period)
  }
}

/// A ticker, its timer, and what it was made with.
private struct TickerTest {
  let start: UInt64
  let period: UInt64
  let timer = SimulatedTimer()
  var ticker: Ticker<SimulatedTimer>

  init(start: UInt64, period: UInt64) {
    self.start = start
    self.period = period
    ticker = Ticker(timer: timer, start: start, period: period)
    _ = timer.takeCalls()
  }
}

extension Report {
  /// The ticker has asked for an interrupt at `deadline`.
  fileprivate mutating func expect(
    _ test: inout TickerTest, asks deadline: UInt64
  ) {
    let (start, period) = (test.start, test.period)
    expect(
      test.timer.deadline == deadline,
      given: "start \(start), period \(period)",
      expected: "the timer asked for \(deadline)",
      got: "\(test.timer.deadline)")
  }

  /// The call before has asked the timer once.
  private mutating func expectOneCall(_ test: TickerTest) {
    let calls = test.timer.takeCalls()
    let (start, period) = (test.start, test.period)
    expect(
      calls == 1, given: "start \(start), period \(period); each call",
      expected: "the timer asked once", got: "asked \(calls) times")
  }

  /// An interrupt at `now` counts `ticks`, and asks for `deadline`.
  @discardableResult
  fileprivate mutating func expect(
    _ test: inout TickerTest, at now: UInt64, ticks: UInt64,
    asks deadline: UInt64
  ) -> Bool {
    let got = test.ticker.interrupted(at: now)
    defer { expectOneCall(test) }
    let (start, period) = (test.start, test.period)
    return expect(
      got == ticks && test.timer.deadline == deadline,
      given: "start \(start), period \(period), an interrupt at \(now)",
      expected: "\(ticks) ticks, the timer asked for \(deadline)",
      got: "\(got) ticks, the timer asked for \(test.timer.deadline)")
  }

  fileprivate mutating func expectRandomTicks(
    _ random: inout SeededRandom
  ) -> Bool {
    let period = 1 + random.next(below: 1000)
    let start = random.next() >> 2
    var test = TickerTest(start: start, period: period)
    var now = start
    for _ in 0..<20 {
      let before = (now - start) / period
      now += random.next(below: 3 * period)
      let due = (now - start) / period
      guard
        expect(
          &test, at: now, ticks: due - before,
          asks: start + (due + 1) * period)
      else { return false }
    }
    return true
  }
}
