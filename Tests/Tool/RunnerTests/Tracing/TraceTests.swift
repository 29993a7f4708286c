// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Runner
@testable import Tracing

@Suite struct `A trace` {
  @Test func `has a section for each scheduler`() throws {
    let trace = try TraceSample.trace()
    #expect(trace.isSound)
    #expect(trace.sections.map(\.title) == ["round robin", "priority"])
    #expect(trace.sections.map(\.span.length) == [4700, 1000])
    #expect(
      trace.sections[0].threads.map(\.name) == ["worker A", "<b> & \"c\""])
  }

  @Test func `tells what each thread did when`() throws {
    let thread = try TraceSample.trace().sections[0].threads[1]
    #expect(
      thread.intervals == [
        .init(state: .ready, span: TraceSpan(1100, 2300)),
        .init(state: .running(hart: 0), span: TraceSpan(2300, 2800)),
        .init(state: .blocked("sleep"), span: TraceSpan(2800, 5000)),
        .init(state: .ready, span: TraceSpan(5000, 5100)),
        .init(state: .running(hart: 0), span: TraceSpan(5100, 5600)),
      ])
    #expect(thread.wakes == [5000])
    #expect(thread.runTime == 1000)
    #expect(thread.longestWait == 1200)
    #expect(thread.state == nil)
  }

  @Test func `counts switches, preemptions and idle time`() throws {
    let sections = try TraceSample.trace().sections
    #expect(sections.map(\.switches) == [3, 3])
    #expect(sections.map(\.preemptions) == [1, 0])
    #expect(sections.map(\.idleTime) == [1100, 300])
    #expect(sections[0].harts.map(\.interrupts.count) == [2])
  }

  @Test func `counts no switch when the hart goes on with the same thread`()
    throws
  {
    let trace = try TraceSample.trace(
      "frequency 10", "0 1 begin x", "0 1 spawn 1 1 a", "0 5 run 1",
      "0 6 block 1 sleep", "0 6 run 0", "0 9 wake 1", "0 9 run 1",
      "0 11 preempt 1", "0 11 run 1", "0 12 end", "complete")
    #expect(trace.isSound)
    #expect(trace.sections[0].switches == 0)
    #expect(trace.sections[0].threads[0].runTime == 4)
  }

  @Test func `lets a thread that makes way be ready`() throws {
    let low = try TraceSample.trace().sections[1].threads[0]
    #expect(
      low.intervals.map(\.state) == [
        .ready, .running(hart: 0), .ready, .running(hart: 0),
        .blocked("a lock, held by high"),
      ])
    #expect(low.preemptions == 0)
  }

  @Test func `counts a run that is shorter than a tick`() throws {
    let trace = try TraceSample.trace(
      "frequency 10", "0 1 begin x", "0 1 spawn 1 1 a", "0 5 run 1",
      "0 5 block 1 sleep", "0 9 wake 1", "0 9 run 1", "0 9 exit 1", "0 9 end",
      "complete")
    let thread = trace.sections[0].threads[0]
    #expect(thread.running.map(\.length) == [0, 0])
    #expect(thread.ready.map(\.length) == [4])
  }

  @Test func `tells threads of one name apart`() throws {
    let trace = try TraceSample.trace(
      "0 1 begin x", "0 1 spawn 1 1 a", "0 1 spawn 2 1 b", "0 1 spawn 3 1 a")
    #expect(trace.sections[0].threads.map(\.name) == ["a #1", "b", "a #3"])
  }

  @Test func `is none without a scheduler`() {
    #expect(Trace([]) == nil)
    #expect(Trace(["Hello", "tracing"]) == nil)
    #expect(Trace(["trace frequency 10000000"]) == nil)
  }

  @Test func `that is cut short keeps what is there`() throws {
    for count in 4..<TraceSample.lines.count {
      let trace = try #require(Trace(Array(TraceSample.lines.prefix(count))))
      #expect(!trace.isSound)
      #expect(trace.strays == 0)
      #expect(trace.sections.count == (count > 19 ? 2 : 1))
    }
  }

  @Test func `whose beginning is lost still has its threads`() throws {
    let trace = try TraceSample.trace(
      "frequency 10", "lost 40", "0 90 interrupt timer", "0 100 run 7",
      "0 110 preempt 7", "0 120 end", "0 130 begin next", "0 140 run 7",
      "0 150 end", "complete")
    #expect(trace.isSound)
    #expect(trace.sections.map(\.title) == ["policy unknown", "next"])
    #expect(trace.sections[0].threads.map(\.name) == ["thread 7"])
    #expect(trace.sections[1].threads.map(\.runTime) == [10])
  }

  @Test func `gives threads born early to the next scheduler`() throws {
    let trace = try TraceSample.trace(
      "frequency 10", "0 1 spawn 1 5 early", "0 9 begin x", "0 11 run 1",
      "0 15 end", "0 20 begin y", "0 21 run 1", "0 25 end", "0 30 begin z",
      "0 35 end", "complete")
    #expect(trace.isSound)
    #expect(
      trace.sections.map { $0.threads.map(\.name) } == [
        ["early"], ["early"], [],
      ])
    #expect(trace.sections[0].threads[0].longestWait == 2)
    #expect(trace.sections[1].threads[0].priority == 5)
  }

  @Test(arguments: [
    "0 40 spawn 1 2 twice", "0 40 preempt 2", "0 40 exit 3", "0 40 run 3",
    "0 40 wake 3", "0 40 block 3 x",
  ])
  func `leaves out what cannot be`(line: String) throws {
    let trace = try TraceSample.trace(
      "frequency 10", "0 1 begin x", "0 1 spawn 1 1 a", "0 1 spawn 2 1 b",
      "0 1 spawn 3 1 c", "0 2 run 3", "0 3 exit 3", "0 20 run 1", line,
      "0 50 end", "complete")
    #expect(trace.strays == 1)
    #expect(trace.sections[0].threads.map(\.runTime) == [30, 0, 1])
  }

  @Test func `keeps harts apart`() throws {
    let trace = try TraceSample.trace(
      "frequency 10", "0 0 begin x", "0 0 spawn 1 1 a", "0 0 run 1",
      "1 0 run 0", "1 40 run 1", "0 50 run 0", "1 90 exit 1", "0 100 end",
      "complete")
    let section = trace.sections[0]
    #expect(
      section.threads[0].intervals.map(\.state) == [
        .running(hart: 0), .running(hart: 1),
      ])
    #expect(section.harts.map(\.idleTime) == [50, 40])
    #expect(section.switches == 0)
  }

  @Test func `adds up, whatever happens`() throws {
    var random = SplitMix(state: 5)
    for _ in 0..<200 {
      let trace = try #require(Trace(randomTrace(&random)))
      for section in trace.sections { check(section) }
    }
  }

  /// The intervals of a thread lie one behind the other; a hart runs one
  /// thread at a time, or none.
  private func check(_ section: TraceSection) {
    for thread in section.threads {
      for (one, next) in zip(thread.intervals, thread.intervals.dropFirst()) {
        #expect(one.span.end == next.span.start)
      }
      let parts = [thread.running, thread.ready, thread.blocked]
      let lifetime =
        (thread.intervals.last?.span.end ?? 0)
        - (thread.intervals.first?.span.start ?? 0)
      #expect(parts.map(TraceThread.total).reduce(0, +) == lifetime)
      #expect(lifetime <= section.span.length)
    }
    for hart in section.harts {
      let runs = section.threads.flatMap { thread in
        thread.spans { $0 == .running(hart: hart.number) }
      }
      let all = (runs + hart.idle).filter { $0.length > 0 }
        .sorted { $0.start < $1.start }
      for (one, next) in zip(all, all.dropFirst()) {
        #expect(one.end <= next.start)
      }
    }
  }
}
