// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner
@testable import Tracing

/// What a program that shows traces reads.
private struct Document: Decodable {
  struct Event: Decodable {
    struct Arguments: Decodable {
      var name: String?
      var hart: Int?
      var waitsFor: String?
    }

    let name, ph: String
    let pid: Int
    var tid: Int?
    var ts, dur: Double?
    var args: Arguments?
  }

  let displayTimeUnit: String
  let traceEvents: [Event]
}

@Suite struct `A trace for other programs` {
  private func document() throws -> Document {
    let data = try TraceEventFile(try TraceSample.trace()).data()
    return try JSONDecoder().decode(Document.self, from: data)
  }

  @Test func `names schedulers as processes, and threads`() throws {
    let names = try document().traceEvents.filter { $0.ph == "M" }
      .compactMap { $0.args?.name }
    #expect(
      names == [
        "round robin", "worker A", "<b> & \"c\"", "hart 0", "priority", "low",
        "high", "hart 0",
      ])
  }

  @Test func `has all that lasts, in microseconds`() throws {
    let document = try document()
    #expect(document.displayTimeUnit == "ns")
    let lasting = document.traceEvents.filter { $0.ph == "X" }
    let second = lasting.filter { $0.pid == 1 && $0.tid == 2 }
    #expect(
      second.map(\.name) == [
        "ready", "running", "blocked", "ready", "running",
      ])
    #expect(second.map(\.ts) == [10, 130, 180, 400, 410])
    #expect(second.map(\.dur) == [120, 50, 220, 10, 50])
    #expect(second[2].args?.waitsFor == "sleep")
    #expect(second[1].args?.hart == 0)
    #expect(lasting.filter { $0.name == "idle" }.map(\.dur) == [110, 30])
  }

  @Test func `has moments`() throws {
    let moments = try document().traceEvents.filter { $0.ph == "i" }
    #expect(
      moments.map(\.name) == ["wake", "timer interrupt", "timer interrupt"])
    #expect(moments.map(\.ts) == [400, 120, 400])
  }
}

@Suite struct `A trace on the terminal` {
  private func lines(_ trace: Trace) -> [String] {
    trace.lines(style: Style(hasColour: false))
  }

  @Test func `is a table for each scheduler`() throws {
    #expect(
      lines(try TraceSample.trace()).joined(separator: "\n") == """
        round robin: 470 µs
          thread     priority  runs     ran  longest wait  in the end
          worker A         10     2  200 µs         70 µs  ended
          <b> & "c"        10     2  100 µs        120 µs  ended
          3 switches, 1 preemption, idle for 110 µs

        priority: 100 µs
          thread  priority  runs    ran  longest wait  in the end
          low            1     2  30 µs         20 µs  waits: a lock, held by high
          high          20     2  20 µs         20 µs  waits: mutex
          3 switches, 0 preemptions, idle for 30 µs
        """)
  }

  @Test func `says what is missing`() throws {
    let trace = try TraceSample.trace(
      "lost 12", "0 1 begin x", "0 2 nonsense", "0 3 end", "0 4 run 1")
    #expect(
      lines(trace).suffix(6) == [
        "12 events did not fit into the program's buffer.",
        "!! The trace was cut short: its last line is missing.",
        "!! The clock's frequency is missing; 10 MHz assumed.",
        "!! 1 event cannot have happened as told; left out.",
        "!! 1 line of the trace could not be read:",
        "     trace 0 2 nonsense",
      ])
  }
}
