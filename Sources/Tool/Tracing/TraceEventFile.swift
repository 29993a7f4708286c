// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// A trace in the Trace Event Format, which ui.perfetto.dev and
/// chrome://tracing show: each scheduler is a process there. Times are in
/// microseconds, counted from the beginning of the first one.
struct TraceEventFile: Encodable {
  struct Event: Encodable {
    struct Arguments: Encodable {
      var name: String?
      var sort_index: Int?
      var priority: Int?
      var hart: Int?
      var waitsFor: String?
    }

    let name: String
    var cat: String?
    /// `X` lasts, `i` happens at once, `M` gives a name.
    let ph: String
    var ts: Double?
    var dur: Double?
    let pid: Int
    var tid: Int?
    /// How tall a moment is drawn: as its thread.
    var s: String?
    var args: Arguments?
  }

  let traceEvents: [Event]
  let displayTimeUnit = "ns"

  init(_ trace: Trace) {
    let start = trace.sections.first?.span.start ?? 0
    traceEvents = trace.sections.enumerated().flatMap { index, section in
      Process(
        number: index + 1, section: section, clock: trace.clock, start: start
      ).events
    }
  }

  func data() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}

/// One section of a trace, as a process.
private struct Process {
  private typealias Event = TraceEventFile.Event

  let number: Int
  let section: TraceSection
  let clock: TraceClock
  let start: UInt64

  var events: [TraceEventFile.Event] {
    [name("process_name", section.title), order("process_sort_index", number)]
      + section.threads.enumerated().flatMap(threadEvents)
      + section.harts.enumerated().flatMap(hartEvents)
  }

  private func threadEvents(
    _ index: Int, _ thread: TraceThread
  ) -> [TraceEventFile.Event] {
    [
      name("thread_name", thread.name, of: thread.number),
      order("thread_sort_index", index, of: thread.number),
    ] + lasting(thread) + wakes(thread)
  }

  private func hartEvents(
    _ index: Int, _ hart: TraceHart
  ) -> [TraceEventFile.Event] {
    let row = row(of: hart)
    let place = section.threads.count + index
    return [
      name("thread_name", "hart \(hart.number)", of: row),
      order("thread_sort_index", place, of: row),
    ] + idle(hart) + interrupts(hart)
  }

  /// Harts have rows below those of the threads.
  private func row(of hart: TraceHart) -> Int {
    TraceEvent.mostThreads + hart.number
  }

  private func name(
    _ kind: String, _ name: String, of row: Int? = nil
  ) -> TraceEventFile.Event {
    Event(name: kind, ph: "M", pid: number, tid: row, args: .init(name: name))
  }

  private func order(
    _ kind: String, _ index: Int, of row: Int? = nil
  ) -> TraceEventFile.Event {
    Event(
      name: kind, ph: "M", pid: number, tid: row,
      args: .init(sort_index: index))
  }

  private func lasting(_ thread: TraceThread) -> [TraceEventFile.Event] {
    thread.intervals.map { interval in
      var arguments = Event.Arguments(priority: thread.priority)
      let name: String
      switch interval.state {
      case .running(let hart):
        name = "running"
        arguments.hart = hart
      case .ready: name = "ready"
      case .blocked(let reason):
        name = "blocked"
        arguments.waitsFor = reason
      }
      return span(name, interval.span, row: thread.number, arguments)
    }
  }

  private func idle(_ hart: TraceHart) -> [TraceEventFile.Event] {
    hart.idle.map { span("idle", $0, row: row(of: hart), nil) }
  }

  private func wakes(_ thread: TraceThread) -> [TraceEventFile.Event] {
    thread.wakes.map { moment("wake", "wake", $0, row: thread.number) }
  }

  private func interrupts(_ hart: TraceHart) -> [TraceEventFile.Event] {
    hart.interrupts.map { interrupt in
      moment(
        "\(interrupt.kind) interrupt", "interrupt", interrupt.ticks,
        row: row(of: hart))
    }
  }

  private func span(
    _ name: String, _ span: TraceSpan, row: Int, _ arguments: Event.Arguments?
  ) -> TraceEventFile.Event {
    Event(
      name: name, cat: name, ph: "X", ts: time(span.start),
      dur: clock.microseconds(span.length), pid: number, tid: row,
      args: arguments)
  }

  private func moment(
    _ name: String, _ category: String, _ ticks: UInt64, row: Int
  ) -> TraceEventFile.Event {
    Event(
      name: name, cat: category, ph: "i", ts: time(ticks), pid: number,
      tid: row, s: "t")
  }

  private func time(_ ticks: UInt64) -> Double {
    clock.microseconds(ticks - start)
  }
}
