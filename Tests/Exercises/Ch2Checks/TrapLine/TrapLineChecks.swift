// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_2_1
import Grading
import Hart
import Traps

private let interrupt: UInt64 = 1 << 63

func checkTrapLine(_ grader: inout Grader) {
  grader.check("the interrupts have names", worth: 3) { report in
    report.expect(1 | interrupt, is: "software interrupt")
    report.expect(5 | interrupt, is: "timer interrupt")
    report.expect(9 | interrupt, is: "device interrupt")
  }
  grader.check("an interrupt without a name has its number") { report in
    report.expect(0 | interrupt, is: "interrupt 0")
    report.expect(13 | interrupt, is: "interrupt 13")
    for number in 0..<64 as Range<UInt64>
    where number != 1 && number != 5 && number != 9 {
      report.expect(number | interrupt, is: "interrupt ", number)
    }
    report.expect(5_000_000_001 | interrupt, is: "interrupt 5000000001")
  }
  grader.check("faults say what the hart wanted to do", worth: 4) { report in
    report.expect(0, is: "fetch fault 0")
    report.expect(1, is: "fetch fault 1")
    report.expect(12, is: "fetch fault 12")
    report.expect(4, is: "load fault 4")
    report.expect(5, is: "load fault 5")
    report.expect(13, is: "load fault 13")
    report.expect(6, is: "store fault 6")
    report.expect(7, is: "store fault 7")
    report.expect(15, is: "store fault 15")
  }
  grader.check("an exception without a name has its number") { report in
    report.expect(2, is: "exception 2")
    let faults: UInt64 = 0b1011_0000_1111_0011
    for number in 0..<64 as Range<UInt64>
    where number > 15 || faults >> number & 1 == 0 {
      report.expect(number, is: "exception ", number)
    }
    report.expect(5_000_000_000, is: "exception 5000000000")
  }
  grader.check("the status tells the mode and the interrupts") { report in
    report.expect(status: 0x000, is: "exception 3 in U-mode, interrupts off")
    report.expect(status: 0x100, is: "exception 3 in S-mode, interrupts off")
    report.expect(status: 0x020, is: "exception 3 in U-mode, interrupts on")
    report.expect(status: 0x120, is: "exception 3 in S-mode, interrupts on")
  }
  grader.check("the other bits of the status change nothing") { report in
    var random = report.random()
    for _ in 0..<200 {
      let noise = random.next() & ~0x120
      report.expect(
        status: noise | 0x100, is: "exception 3 in S-mode, interrupts off")
      guard !report.hasFailed else { return }
    }
  }
  #if arch(riscv64)
    grader.check("a real breakpoint reads as what it is") { report in
      Hart.enableInterrupts()
      report.expectBreakpoint("exception 3 in S-mode, interrupts on")
      Hart.disableInterrupts()
      report.expectBreakpoint("exception 3 in S-mode, interrupts off")
    }
  #endif
}

extension Report {
  /// The line for a trap from S-mode with interrupts off: it begins with
  /// `start`, and then `number` if there is one.
  fileprivate mutating func expect(
    _ cause: UInt64, is start: StaticString, _ number: UInt64? = nil
  ) {
    let status: UInt64 = 0x100
    var text = CapturedText()
    text.write(cause: cause, status: status)
    var expected = CapturedText()
    expected.write(start)
    if let number { expected.write(unsigned: number) }
    expected.write(" in S-mode, interrupts off")
    expect(
      text == expected,
      given: "scause \(hex: cause), sstatus \(hex: status)",
      expected: "\(expected)", got: "\(text)")
  }

  /// The line for a breakpoint.
  fileprivate mutating func expect(
    status: UInt64, is expected: StaticString
  ) {
    var text = CapturedText()
    text.write(cause: 3, status: status)
    expect(
      text, is: expected, given: "scause 0x3, sstatus \(hex: status)")
  }
}

#if arch(riscv64)
  // Written by the exception, which comes when it is asked for.
  private nonisolated(unsafe) var line = CapturedText()

  extension Report {
    fileprivate mutating func expectBreakpoint(_ expected: StaticString) {
      unsafe line = CapturedText()
      Trap.onException { frame in
        unsafe line.write(
          cause: frame.cause.rawValue, status: frame.status.rawValue)
        frame.skipInstruction()
        return true
      }
      Hart.breakpoint()
      Trap.onException(nil)
      expect(unsafe line, is: expected, given: "a real breakpoint")
    }
  }
#endif
