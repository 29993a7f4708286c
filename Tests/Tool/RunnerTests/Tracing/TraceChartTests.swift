// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner
@testable import Tracing

@Suite struct `The chart of a trace` {
  private func svg() throws -> String {
    TraceChart(try TraceSample.trace(), title: "ch5").svg()
  }

  @Test func `has a row for each thread, and for the hart`() throws {
    let svg = try svg()
    for text in [
      ">round robin</text>", ">priority</text>", ">worker A</text>",
      ">&lt;b&gt; &amp; &quot;c&quot;</text>", ">low</text>", ">high</text>",
      ">idle</text>", ">interrupts</text>", ">0 µs</text>", ">400 µs</text>",
    ] {
      #expect(svg.contains(text), "\(text)")
    }
    #expect(svg.ranges(of: ">idle</text>").count == 2)
    #expect(svg.ranges(of: ">interrupts</text>").count == 1)
  }

  @Test func `tells what a pointer rests on`() throws {
    let svg = try svg()
    for text in [
      "worker A runs for 100 µs, from 0.02 ms to 0.12 ms",
      "waits (sleep) for 220 µs, from 0.18 ms to 0.4 ms",
      "low waits (a lock, held by high) for 30 µs",
      "high could run, but does not, for 10 µs, from 0 ms to 0.01 ms",
      "idle for 110 µs", "2 timer interrupts", "is woken, 1 time in all",
    ] {
      #expect(svg.contains(text), "\(text)")
    }
  }

  @Test func `says in words what it shows`() throws {
    let svg = try svg()
    #expect(svg.contains("<title>Which thread of ch5 ran when</title>"))
    #expect(
      svg.contains(
        "<desc>round robin: 470 µs, 3 switches, 1 preemption. "
          + "worker A ran 2 times, 200 µs in all; "))
  }

  @Test func `follows light and dark, and fetches nothing`() throws {
    let svg = try svg()
    #expect(svg.contains("prefers-color-scheme: dark"))
    let others = svg.replacing("http://www.w3.org/2000/svg", with: "")
    for word in ["http", "@import", "href"] {
      #expect(!others.contains(word))
    }
  }

  @Test func `is sound XML`() throws {
    var parser = XMLChecker()
    try parser.check(try svg())
  }

  @Test func `keeps its size when there are many events`() throws {
    let svgs = try [2_000, 20_000].map { count in
      var lines = ["trace frequency 10000000", "trace 0 0 begin round robin"]
      lines += [1, 2].map { "trace 0 0 spawn \($0) 1 name" }
      for event in 0..<count {
        lines.append("trace 0 \(event * 10) run \(event % 2 + 1)")
      }
      return TraceChart(try #require(Trace(lines)), title: "ch5").svg()
    }
    #expect(svgs.allSatisfy { $0.utf8.count < 200_000 })
  }
}

@Suite struct `A bar of a chart` {
  private func bars(_ spans: [(UInt64, UInt64)]) -> [MergedBar] {
    MergedBar.bars(of: spans.map { TraceSpan($0.0, $0.1) }) { Double($0) / 10 }
  }

  @Test func `stands for one span where there is room`() {
    let bars = bars([(0, 20), (30, 40)])
    #expect(bars.map(\.left) == [0, 3])
    #expect(bars.map(\.right) == [2, 4])
    #expect(bars.map(\.count) == [1, 1])
  }

  @Test func `takes in what is too near`() {
    let bars = bars([(0, 10), (12, 20), (30, 40)])
    #expect(bars.map(\.count) == [2, 1])
    #expect(bars[0].time == 18)
    #expect(bars[0].density == 0.9)
    #expect(bars[0].right == 2)
  }

  @Test func `can be seen, however short`() {
    #expect(bars([(100, 100)]).map(\.width) == [1.25])
  }

  @Test func `ends where the share of time may change`() {
    let bars = bars((0..<100).map { ($0 * 4, $0 * 4 + 1) })
    #expect(bars.count == 7)
    #expect(bars.reduce(0) { $0 + $1.count } == 100)
    for (one, next) in zip(bars, bars.dropFirst()) {
      #expect(one.right == next.left)
    }
  }

  @Test func `grows as long as it is solid`() {
    let bars = bars((0..<100).map { ($0 * 100, $0 * 100 + 99) })
    #expect(bars.map(\.count) == [100])
  }

  @Test func `has marks far enough apart`() {
    let marks = MergedBar.marks(at: [0, 10, 29, 30, 31], gap: 3) {
      Double($0) / 10
    }
    #expect(marks == [0, 3])
  }
}

@Suite struct `A time` {
  @Test(
    arguments: [
      (0, "0 µs"), (1, "0.1 µs"), (12, "1.2 µs"), (9_994, "999 µs"),
      (9_996, "1 ms"), (123_456, "12.3 ms"), (1_234_567, "123 ms"),
      (12_345_678, "1.23 s"), (10_000_000_000, "1000 s"),
    ] as [(UInt64, String)])
  func `is told with three digits`(ticks: UInt64, text: String) {
    #expect(TraceClock(frequency: 10_000_000).text(ticks) == text)
  }

  @Test func `stands on an axis in round numbers`() {
    let clock = TraceClock(frequency: 10_000_000)
    let scale = TimeScale(clock, longest: 807_000, left: 100, width: 807)
    let marks = scale.marks(upTo: 450_000)
    #expect(marks.map(\.text) == ["0 ms", "20 ms", "40 ms"])
    #expect(marks.map { Int($0.x.rounded()) } == [100, 300, 500])
    #expect(TimeScale.roundStep(atLeast: 0.3) == 0.5)
    #expect(TimeScale.roundStep(atLeast: 5.1) == 10)
  }
}
