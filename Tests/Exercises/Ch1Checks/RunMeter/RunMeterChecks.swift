// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_1_3
import Grading

func checkRunMeter(_ grader: inout Grader) {
  grader.check("a meter counts from its start to its stop") { report in
    var meter = RunMeter()
    meter.start(at: 1000)
    report.expect(
      meter.stop(at: 1234), is: 234, given: "start at 1000, stop at 1234")
    meter.start(at: 2000)
    report.expect(
      meter.stop(at: 2000), is: 0,
      given: "the same meter: start at 2000, stop at 2000")
    meter.start(at: 0)
    report.expect(
      meter.isRunning, given: "the same meter: start at 0; isRunning",
      expected: "true", got: "false")
    report.expect(
      meter.stop(at: 7), is: 7, given: "start at 0, stop at 7")
    report.expect(
      !meter.isRunning, given: "start at 0, stop at 7; isRunning",
      expected: "false", got: "true")
  }
  grader.check("a meter that was not started has counted nothing") { report in
    var meter = RunMeter()
    report.expect(meter.stop(at: 5), is: nil, given: "stop without a start")
  }
  grader.check("a meter stops once") { report in
    var meter = RunMeter()
    meter.start(at: 1)
    _ = meter.stop(at: 2)
    report.expect(
      meter.stop(at: 3), is: nil, given: "start at 1, stop at 2, stop at 3")
  }
  grader.check("a second start begins anew") { report in
    var meter = RunMeter()
    meter.start(at: 100)
    meter.start(at: 150)
    report.expect(
      meter.stop(at: 170), is: 20,
      given: "start at 100, start at 150, stop at 170")
  }
  #if arch(riscv64)
    checkMetering(&grader)
  #endif
}

extension Report {
  fileprivate mutating func expect(
    _ got: UInt64?, is expected: UInt64?, given: @autoclosure () -> Message
  ) {
    expect(
      got == expected, given: given(), expected: "\(expected)",
      got: "\(got)")
  }
}
