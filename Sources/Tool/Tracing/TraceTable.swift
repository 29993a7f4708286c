// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// A trace as lines for a terminal: for each scheduler, what its threads got.
///
///     round robin: 120 ms
///       thread    priority  runs      ran  longest wait  in the end
///       worker A        10    12  38.5 ms       22.1 ms  ended
///       24 switches, 18 preemptions, idle for 3.2 ms
struct TraceTable {
  private static let heading = [
    "thread", "priority", "runs", "ran", "longest wait", "in the end",
  ]
  /// The columns of words; the others hold numbers and stand to the right.
  private static let words = [0, 5]
  /// A longer name is cut.
  private static let longestName = 28

  private let trace: Trace
  private let style: Style

  init(_ trace: Trace, style: Style) {
    self.trace = trace
    self.style = style
  }

  func lines() -> [String] {
    let sections = trace.sections.flatMap { lines($0) + [""] }
    return sections.dropLast() + warnings
  }

  private func lines(_ section: TraceSection) -> [String] {
    let title = "\(section.title): \(trace.clock.text(section.span.length))"
    let rows = [Self.heading] + section.threads.map(cells)
    let widths = Self.heading.indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return [style.mark(title, Style.bold)]
      + rows.map { "  " + Self.line($0, widths) } + ["  " + summary(section)]
  }

  private func cells(_ thread: TraceThread) -> [String] {
    let isLong = thread.name.count > Self.longestName
    return [
      isLong ? thread.name.prefix(Self.longestName - 1) + "…" : thread.name,
      thread.priority.map(String.init) ?? "?", "\(thread.running.count)",
      trace.clock.text(thread.runTime), trace.clock.text(thread.longestWait),
      Self.end(thread.state),
    ]
  }

  private static func end(_ state: TraceThread.State?) -> String {
    switch state {
    case nil: "ended"
    case .running: "running"
    case .ready: "ready"
    case .blocked(let reason): "waits: \(reason)"
    }
  }

  private func summary(_ section: TraceSection) -> String {
    let idle = trace.clock.text(section.idleTime)
    return Self.count(section.switches, "switch", "switches") + ", "
      + Self.count(section.preemptions, "preemption", "preemptions")
      + (section.idleTime > 0 ? ", idle for \(idle)" : ", never idle")
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let space = String(
        repeating: " ", count: widths[column] - cells[column].count)
      return words.contains(column)
        ? cells[column] + space : space + cells[column]
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}

extension TraceTable {
  /// What is missing or odd.
  private var warnings: [String] {
    let words = Self.warnings(trace)
    guard !words.isEmpty else { return [] }
    let lines = words.map { word in
      word.isAlarm ? style.mark("!! " + word.text, Style.red) : word.text
    }
    return [""] + lines + trace.text.damagedLines.map { "     " + $0 }
  }

  private static func warnings(
    _ trace: Trace
  ) -> [(isAlarm: Bool, text: String)] {
    let text = trace.text
    var words: [(isAlarm: Bool, text: String)] = []
    if text.lost > 0 {
      let events = count(text.lost, "event", "events")
      words.append(
        (false, "\(events) did not fit into the program's buffer."))
    }
    if !text.isComplete {
      words.append((true, "The trace was cut short: its last line is missing."))
    }
    if text.frequency == nil {
      words.append((true, "The clock's frequency is missing; 10 MHz assumed."))
    }
    if trace.strays > 0 {
      let events = count(trace.strays, "event", "events")
      words.append((true, "\(events) cannot have happened as told; left out."))
    }
    if text.damaged > 0 {
      let lines = count(text.damaged, "line", "lines")
      words.append((true, "\(lines) of the trace could not be read:"))
    }
    return words
  }
}
