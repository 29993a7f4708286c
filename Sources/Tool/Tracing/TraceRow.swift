// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// One row of a chart: its name on the left, what it did on the right.
///
///     worker A   10  ███▒▒▒▒███──────^▒▒███
struct TraceRow {
  static let height = 24
  static let (nameX, priorityX) = (12, 182)
  /// More characters do not fit between the two.
  private static let longestName = 18
  /// A hart has no priority.
  private static let longestHart = 26

  let scale: TimeScale
  /// When the section starts.
  let start: UInt64
  /// The row's upper edge.
  let y: Int
  /// The name of the pattern for idle harts.
  let hatching: String

  private var top: Double { Double(y) }

  /// Running is a tall strong bar, ready a low pale one, blocked a line: they
  /// differ in more than colour.
  func shapes(_ thread: TraceThread) -> [String] {
    label(thread.name)
      + [
        SVG.text(
          thread.priority.map(String.init) ?? "?", x: Self.priorityX, y: y + 17,
          "small end")
      ] + blocked(thread) + ready(thread) + running(thread) + wakes(thread)
  }

  func idle(_ hart: TraceHart, name: String) -> [String] {
    label(name, longest: Self.longestHart)
      + bars(hart.idle).map { bar in
        TraceShapes.bar(
          bar, y: top + 7, height: 10, "fill=\"url(#\(hatching))\"",
          title: "\(name) \(words(bar))")
      }
  }

  func interrupts(_ hart: TraceHart, name: String) -> [String] {
    label(name, longest: Self.longestHart)
      + TraceEvent.Interrupt.allCases.enumerated().map { index, kind in
        let moments = hart.interrupts.filter { $0.kind == kind }
          .map { $0.ticks }
        let count = TraceTable.count(
          moments.count, "\(kind) interrupt", "\(kind) interrupts")
        return TraceShapes.marks(
          "v8", at: marks(moments, gap: 1.5), y: top + 8, "interrupt",
          title: count)
      }
  }

  private func label(
    _ name: String, longest: Int = longestName
  ) -> [String] {
    let isLong = name.count > longest
    let short = isLong ? name.prefix(longest - 1) + "…" : name
    return [SVG.text(short, x: Self.nameX, y: y + 17, "name")]
  }

  private func running(_ thread: TraceThread) -> [String] {
    bars(thread.running).map { bar in
      TraceShapes.bar(
        bar, y: top + 4, height: 16, Self.shade(bar),
        title: "\(thread.name) runs \(words(bar))")
    }
  }

  /// Paler, the less of the time it runs.
  private static func shade(_ bar: MergedBar) -> String {
    guard !bar.isSolid else { return "class=\"running\"" }
    let opacity = TraceShapes.number(max(0.25, bar.density))
    return "class=\"running partly\" fill-opacity=\"\(opacity)\""
  }

  private func ready(_ thread: TraceThread) -> [String] {
    bars(thread.ready).map { bar in
      TraceShapes.bar(
        bar, y: top + 7, height: 10, "class=\"ready\"",
        title: "\(thread.name) could run, but does not, \(words(bar))")
    }
  }

  private func blocked(_ thread: TraceThread) -> [String] {
    thread.reasons.flatMap { reason in
      let spans = thread.spans { $0 == .blocked(reason) }
      return bars(spans).map { bar in
        TraceShapes.bar(
          bar, y: top + 11.25, height: 1.5, "class=\"blocked\"",
          title: "\(thread.name) waits (\(reason)) \(words(bar))")
      }
    }
  }

  private func wakes(_ thread: TraceThread) -> [String] {
    let count = TraceTable.count(thread.wakes.count, "time", "times")
    return [
      TraceShapes.marks(
        "l-3 -5h6z", at: marks(thread.wakes, gap: 3), y: top + 7, "wake",
        title: "\(thread.name) is woken, \(count) in all")
    ]
  }

  private func bars(_ spans: [TraceSpan]) -> [MergedBar] {
    MergedBar.bars(of: spans) { scale.x($0 - start) }
  }

  private func marks(_ moments: [UInt64], gap: Double) -> [Double] {
    MergedBar.marks(at: moments, gap: gap) { scale.x($0 - start) }
  }

  /// For how long, and when.
  private func words(_ bar: MergedBar) -> String {
    let clock = scale.clock
    let time = clock.text(bar.time)
    let from = clock.moment(bar.span.start - start)
    let to = clock.moment(bar.span.end - start)
    return bar.count == 1
      ? "for \(time), from \(from) to \(to)"
      : "\(bar.count) times, \(time) in all, between \(from) and \(to)"
  }
}

extension TraceThread {
  /// What it waited for, each once.
  fileprivate var reasons: [String] {
    var reasons: [String] = []
    for case .blocked(let reason) in intervals.map(\.state)
    where !reasons.contains(reason) {
      reasons.append(reason)
    }
    return reasons
  }
}
