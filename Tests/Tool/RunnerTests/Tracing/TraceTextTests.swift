// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner
@testable import Tracing

@Suite struct `The lines of a trace` {
  @Test(
    arguments: [
      ("0 17 begin round robin", .begin(policy: "round robin")),
      ("0 17 begin ", .begin(policy: "")), ("0 17 begin", .begin(policy: "")),
      (
        "0 17 spawn 3 -1 a  b ", .spawn(thread: 3, priority: -1, name: "a  b ")
      ),
      ("0 17 spawn 3 2", .spawn(thread: 3, priority: 2, name: "")),
      ("0 17 run 0", .run(thread: nil)), ("0 17 run 5", .run(thread: 5)),
      ("0 17 wake 5", .wake(thread: 5)),
      ("0 17 block 5 a lock", .block(thread: 5, reason: "a lock")),
      ("0 17 preempt 5", .preempt(thread: 5)),
      ("0 17 exit 5", .exit(thread: 5)),
      ("0 17 interrupt timer", .interrupt(.timer)),
      ("0 17 interrupt external", .interrupt(.external)),
      ("0 17 interrupt software", .interrupt(.software)), ("0 17 end", .end),
    ] as [(String, TraceEvent.Action)])
  func `are events`(text: String, action: TraceEvent.Action) {
    let event = TraceEvent(text[...])
    #expect(event == TraceEvent(hart: 0, ticks: 17, action: action))
  }

  @Test(arguments: [
    "", " ", "0", "0 17", "0 17 ", "0 17 dance", "0 17 run", "0 17 run x",
    "0 17 run 1 2", "0 17 run +1", "0 17 run -1", "0 17 wake 0", "0  17 run 1",
    "0 17 spawn 0 1 x", "0 17 spawn 1", "0 17 spawn 1 high x", "0 17 end now",
    "-1 17 run 1", "4096 17 run 1", "0 -1 run 1", "0 +1 run 1",
    "0 17 run 99999999999999999999", "0 99999999999999999999 run 1",
    "0 9223372036854775807 run 1", "0 17 interrupt", "0 17 interrupt tim",
    "0 17 run 1000000", "complete now", "lost", "lost x", "lost -1",
    "lost 18446744073709551615", "frequency 0", "frequency", "frequency x",
  ])
  func `are counted where they are damaged`(text: String) {
    let read = TraceText(["trace \(text)", "trace 0 1 run 1"])
    #expect(read.damaged == 1)
    #expect(read.damagedLines == ["trace \(text)"])
    #expect(read.events.count == 1)
  }

  @Test func `say how fast the clock is, what is lost, and that all is there`()
  {
    let read = TraceText(["trace frequency 1", "trace lost 7"])
    #expect(read.frequency == 1)
    #expect(read.lost == 7)
    #expect(!read.isComplete)
    #expect(TraceText(["trace complete"]).isComplete)
  }

  @Test func `stand among others`() {
    let read = TraceText(TraceSample.lines)
    #expect(read.events.count == 27)
    #expect(read.damaged == 0)
    #expect(TraceText(["tracing", "a trace 0 1 end", "trace"]).isEmpty)
  }

  @Test func `are put in the order of time, hart by hart`() {
    let read = TraceText([
      "trace 0 5 run 1", "trace 0 9 run 0", "trace 1 5 run 2",
    ])
    #expect(read.events.map(\.hart) == [0, 1, 0])
  }

  @Test func `are shown in short, and only the first`() {
    let line = "trace " + String(repeating: "x", count: 200)
    let read = TraceText(Array(repeating: line, count: 9))
    #expect(read.damaged == 9)
    #expect(read.damagedLines.map(\.count) == [70, 70, 70])
  }
}

@Suite struct `A screen that hides a trace` {
  static let printed = "one\ntrace 0 1 run 1\r\ntraces\ntra\n\ntrace x\ntrac"
  static let shown = "one\ntraces\ntra\n\ntrac"

  @Test(arguments: 0...printed.utf8.count)
  func `shows all else, however it comes`(place: Int) {
    let data = Data(Self.printed.utf8)
    var filter = TraceFilter()
    let shown =
      filter.shown(of: data.prefix(place))
      + filter.shown(of: data.dropFirst(place)) + filter.rest()
    #expect(String(decoding: shown, as: UTF8.self) == Self.shown)
  }

  @Test func `shows a question at once`() {
    var filter = TraceFilter()
    #expect(filter.shown(of: Data("name? ".utf8)) == Data("name? ".utf8))
  }
}
