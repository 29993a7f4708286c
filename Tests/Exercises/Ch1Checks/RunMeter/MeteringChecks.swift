// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Boot
  import Console
  import Exercise_1_3
  import Grading
  import Hart

  /// Looks at the meter from both sides: entries of the init table just before
  /// and just after class 4, and the end of the program.
  ///
  ///     start 3.99 ─▶ the meter's 4.50 ─▶ start 5.00 ─▶ the program ─┐
  ///     stop  3.99 ◀─ the meter's 4.50 ◀──────────────── exit ───────┘
  @safe
  enum MeterProbe {
    // Touched by the boot hart, before and after the program.
    nonisolated(unsafe) static var wasRunningBefore = false
    nonisolated(unsafe) static var wasRunningAfter = false
    nonisolated(unsafe) static var outerStart: UInt64 = 0
    nonisolated(unsafe) static var innerStart: UInt64 = 0
    nonisolated(unsafe) static var innerStop: UInt64 = 0
    /// What was printed since the program has ended.
    nonisolated(unsafe) static var printed: CapturedText? = nil
    nonisolated(unsafe) static var grader: Grader? = nil

    @section(".init_table.3.99") @used
    static let before: InitEntry = (
      start: {
        unsafe wasRunningBefore = Metering.isRunning
        unsafe outerStart = Hart.instructionsRetired
      },
      stop: { finish() }
    )

    @section(".init_table.5.00") @used
    static let after: InitEntry = (
      start: {
        unsafe wasRunningAfter = Metering.isRunning
        unsafe innerStart = Hart.instructionsRetired
      },
      stop: {}
    )

    /// Ends the program, so that the meter stops; `finish` goes on.
    static func endProgram(_ grader: Grader) -> Never {
      unsafe self.grader = grader
      unsafe printed = CapturedText()
      SystemConsole.use(
        .init(write: { MeterProbe.take($0) }, read: { -1 }))
      unsafe innerStop = Hart.instructionsRetired
      exit()
    }

    /// Keeps what is printed, and lets it be seen.
    static func take(_ byte: UInt8) {
      unsafe printed?.write(byte)
      var console = SBIConsole()
      console.write(byte)
    }

    static func finish() {
      guard var grader = unsafe grader else { return }
      checkEnd(&grader)
      grader.end()
    }
  }

  func checkMetering(_ grader: inout Grader) {
    grader.check(
      "the meter starts after class 3 and before class 5", worth: 5
    ) { report in
      report.expect(
        unsafe !MeterProbe.wasRunningBefore,
        given: "isRunning before class 4 has started", expected: "false",
        got: "true")
      report.expect(
        unsafe MeterProbe.wasRunningAfter,
        given: "isRunning after class 4 has started", expected: "true",
        got: "false")
    }
    guard grader.isRunning else { return checkEnd(&grader) }
    MeterProbe.endProgram(grader)
  }

  /// Runs when the program has ended and class 4 has stopped.
  private func checkEnd(_ grader: inout Grader) {
    let outerStop = Hart.instructionsRetired
    let printed = unsafe MeterProbe.printed ?? CapturedText()
    let (innerStart, innerStop, outerStart) = unsafe (
      MeterProbe.innerStart, MeterProbe.innerStop, MeterProbe.outerStart
    )
    grader.check("the end prints the number of instructions", worth: 5) {
      report in
      let count = meteredCount(printed)
      report.expect(
        count != nil, given: "the end of the program",
        expected: "one line: ran for <number> instructions", got: "\(printed)")
      let (least, most) = (innerStop - innerStart, outerStop - outerStart)
      report.expect(
        (count ?? 0) >= least && (count ?? 0) <= most,
        given: "a program that ran for \(least) instructions",
        expected: "that number, and not more than \(most)",
        got: "\(count ?? 0)")
    }
  }

  /// The number in `ran for <number> instructions`, if that is all.
  private func meteredCount(_ text: CapturedText) -> UInt64? {
    var count: UInt64 = 0
    var index = 8
    while let byte = text[index], byte >= 48, byte <= 57 {
      let (scaled, overflow) = count.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      count = scaled &+ UInt64(byte - 48)
      index += 1
    }
    var expected = CapturedText()
    expected.write("ran for ")
    expected.write(unsigned: count)
    expected.write(" instructions\n")
    return text == expected ? count : nil
  }
#endif
