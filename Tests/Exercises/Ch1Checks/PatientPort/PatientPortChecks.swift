// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import DeviceTree
import Exercise_1_2
import Grading
import Hart

func checkPatientPort(_ grader: inout Grader) {
  grader.check("a ready port gets the byte") { report in
    report.expectUntouched()
    report.expectSend(busyFor: 0, patience: 10)
  }
  grader.check("a busy port is waited for, and no longer than it is busy") {
    report in report.expectSend(busyFor: 5, patience: 10)
  }
  grader.check("the last look still counts") { report in
    report.expectSend(busyFor: 9, patience: 10)
    report.expectSend(busyFor: 0, patience: 1)
  }
  checkDeadPorts(&grader)
  grader.check("write ends a line with carriage return, line feed") {
    report in
    let bus = SimulatedPort()
    var port = PatientPort(bus: bus, patience: 10)
    port.write("one\ntwo\n")
    report.expect(
      bus.state.sent, is: "one\r\ntwo\r\n",
      given: "write of \"one\\ntwo\\n\" to a ready port")
    report.expectNoFault(bus)
  }
  checkReading(&grader)
  grader.check("random texts arrive whole, however busy the port is") {
    report in
    var random = report.random()
    for _ in 0..<100 {
      guard report.expectText(&random) else { return }
    }
  }
  #if arch(riscv64)
    grader.check("the board's own port gives back what it sent itself") {
      report in report.expectLoopback()
    }
  #endif
}

private func checkDeadPorts(_ grader: inout Grader) {
  grader.check(
    "a dead port is an error after as many looks as allowed",
    worth: 5
  ) { report in
    report.expectDeadPort(patience: 10)
    report.expectDeadPort(patience: 1)
  }
  grader.check("write counts the bytes that were lost", worth: 3) { report in
    let bus = SimulatedPort(busyFor: .max)
    var port = PatientPort(bus: bus, patience: 3)
    try? port.send(UInt8(ascii: "z"))
    port.write("abc")
    report.expect(
      UInt64(clamping: port.lostBytes), is: 3,
      given: "to a dead port, send of \"z\", write of \"abc\"; lostBytes")
    port.write("\n")
    report.expect(
      UInt64(clamping: port.lostBytes), is: 5,
      given: "then write of \"\\n\", two bytes on the wire; lostBytes")
    report.expectNoFault(bus)
  }
}

private func checkReading(_ grader: inout Grader) {
  grader.check("read takes nothing if nothing has arrived") { report in
    let bus = SimulatedPort()
    var port = PatientPort(bus: bus, patience: 10)
    let byte = port.read()
    report.expect(
      byte == nil, given: "read from a port where nothing has arrived",
      expected: "nil", got: "the byte \(UInt64(byte ?? 0))")
    report.expect(
      UInt64(bus.state.allLooks), is: 1,
      given: "looks of read at a port where nothing has arrived")
    report.expectNoFault(bus)
  }
  grader.check("read takes the byte that has arrived") { report in
    let bus = SimulatedPort(
      busyFor: .max, arrived: 0x7A, otherBits: 0xFF)
    var port = PatientPort(bus: bus, patience: 10)
    let byte = port.read()
    report.expect(
      UInt64(byte ?? 0), is: 0x7A,
      given: "read from a port where the byte 122 has arrived (0 is nil)")
    report.expectNoFault(bus)
  }
}

extension Report {
  fileprivate mutating func expectUntouched() {
    let bus = SimulatedPort()
    let port = PatientPort(bus: bus, patience: 10)
    expect(
      bus.state.allLooks == 0 && port.lostBytes == 0, given: "a new port",
      expected: "no look yet, and no byte lost",
      got: "\(bus.state.allLooks) looks, \(port.lostBytes) bytes lost")
    expectNoFault(bus)
  }

  /// Whatever the other bits of the line status say.
  fileprivate mutating func expectSend(busyFor looks: Int, patience: Int) {
    let patterns: [3 of UInt8] = [0, 0x40, 0xFF]
    for index in patterns.indices {
      let bits = patterns[index]
      expectSend(
        through: SimulatedPort(
          busyFor: looks, arrived: bits == 0xFF ? 1 : nil, otherBits: bits),
        looks, patience)
    }
  }

  private mutating func expectSend(
    through bus: SimulatedPort, _ looks: Int, _ patience: Int
  ) {
    var port = PatientPort(bus: bus, patience: patience)
    let wasSent: Bool
    do throws(PortError) {
      try port.send(UInt8(ascii: "A"))
      wasSent = true
    } catch {
      wasSent = false
    }
    expect(
      wasSent && bus.state.sent == "A",
      given: "a port that is busy for \(looks) looks, patience \(patience)",
      expected: "\"A\" sent", got: "\(bus.state.sent) sent")
    expect(
      UInt64(bus.state.allLooks), is: UInt64(looks + 1),
      given: "the looks at a port that is busy for \(looks) looks")
    expectNoFault(bus)
  }

  fileprivate mutating func expectDeadPort(patience: Int) {
    let bus = SimulatedPort(busyFor: .max, otherBits: 0xFF)
    var port = PatientPort(bus: bus, patience: patience)
    var hasFailed = false
    do throws(PortError) {
      try port.send(UInt8(ascii: "A"))
    } catch {
      hasFailed = true
    }
    expect(
      hasFailed,
      given: "send to a port that is never ready, patience \(patience)",
      expected: "the error dead", got: "no error")
    expect(
      UInt64(bus.state.allLooks), is: UInt64(patience),
      given: "the looks at a port that is never ready, patience \(patience)")
    expectNoFault(bus)
  }

  /// Sends a text of random letters and line feeds.
  fileprivate mutating func expectText(
    _ random: inout SeededRandom
  ) -> Bool {
    let busy = Int(random.next(below: 20))
    let bus = SimulatedPort(busyFor: busy)
    var port = PatientPort(bus: bus, patience: 20)
    var expected = CapturedText()
    for _ in 0..<random.next(below: 60) {
      let letter = UInt8(random.next(below: 26)) + UInt8(ascii: "a")
      let isEnd = random.next(below: 8) == 0
      if isEnd { expected.write(UInt8(ascii: "\r")) }
      expected.write(isEnd ? UInt8(ascii: "\n") : letter)
      port.write(isEnd ? UInt8(ascii: "\n") : letter)
    }
    expectNoFault(bus)
    return expect(
      bus.state.sent == expected,
      given: "a text for a port that is busy for \(busy) looks a byte",
      expected: "\(expected)", got: "\(bus.state.sent)")
  }

  /// Nothing was done to the port that would harm a real one.
  fileprivate mutating func expectNoFault(_ bus: SimulatedPort) {
    expect(
      bus.state.overruns == 0, given: "the stores to the data register",
      expected: "none before a look that says ready",
      got: "\(bus.state.overruns) to a busy port")
    expect(
      bus.state.emptyReads == 0, given: "the loads of the data register",
      expected: "none unless a byte has arrived",
      got: "\(bus.state.emptyReads) of an empty register")
    expect(
      bus.state.strayAccesses == 0, given: "accesses to other registers",
      expected: "none", got: "\(bus.state.strayAccesses)")
  }
}
