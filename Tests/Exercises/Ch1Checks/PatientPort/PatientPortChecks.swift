// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_1_2
  import Boot
  import Console
  import DeviceTree
  import Exercise_1_2
  import Grading
  import Hart

  func checkPatientPort(_ grader: inout Grader) {
    grader.check("a ready port gets the byte") { report in
      report.expectSend(busyFor: 0, patience: 10)
    }
    grader.check("a busy port is waited for") { report in
      report.expectSend(busyFor: 5, patience: 10)
    }
    grader.check("the last look still counts") { report in
      report.expectSend(busyFor: 9, patience: 10)
      report.expectSend(busyFor: 0, patience: 1)
    }
    grader.check("a dead port is an error after as many looks as allowed") {
      report in report.expectDeadPort()
    }
    grader.check("write counts the bytes that were lost") { report in
      let bus = SimulatedPort(busyFor: .max)
      var port = PatientPort(bus: bus, patience: 3)
      port.write("abc")
      report.expect(
        UInt64(clamping: port.lostBytes), is: 3,
        given: "write of \"abc\" to a dead port, then lostBytes")
      report.expectNoFault(bus)
    }
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

  private func checkReading(_ grader: inout Grader) {
    grader.check("read takes nothing if nothing has arrived") { report in
      let bus = SimulatedPort()
      var port = PatientPort(bus: bus, patience: 10)
      let byte = port.read()
      report.expect(
        byte == nil, given: "read from a port where nothing has arrived",
        expected: "nil", got: "the byte \(UInt64(byte ?? 0))")
      report.expectNoFault(bus)
    }
    grader.check("read takes the byte that has arrived") { report in
      let bus = SimulatedPort(busyFor: .max, arrived: 0x7A)
      var port = PatientPort(bus: bus, patience: 10)
      let byte = port.read()
      report.expect(
        UInt64(byte ?? 0), is: 0x7A,
        given: "read from a port where the byte 122 has arrived (0 is nil)")
      report.expectNoFault(bus)
    }
  }

  extension Report {
    fileprivate mutating func expectSend(busyFor looks: Int, patience: Int) {
      let bus = SimulatedPort(busyFor: looks)
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
      expectNoFault(bus)
    }

    fileprivate mutating func expectDeadPort() {
      let bus = SimulatedPort(busyFor: .max)
      var port = PatientPort(bus: bus, patience: 10)
      var hasFailed = false
      do throws(PortError) {
        try port.send(UInt8(ascii: "A"))
      } catch {
        hasFailed = true
      }
      expect(
        hasFailed, given: "send to a port that is never ready, patience 10",
        expected: "the error dead", got: "no error")
      expect(
        UInt64(bus.state.allLooks), is: 10,
        given: "the looks at a port that is never ready, patience 10")
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
#endif
