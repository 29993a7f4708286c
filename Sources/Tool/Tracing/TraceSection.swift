// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Two moments, in ticks, the first not after the second.
struct TraceSpan: Equatable {
  let start, end: UInt64

  var length: UInt64 { end - start }

  init(_ start: UInt64, _ end: UInt64) {
    precondition(start <= end)
    (self.start, self.end) = (start, end)
  }
}

/// One thread, from its birth to its end or the end of its scheduler.
///
///     running   ███      ████
///     ready        ▒▒▒▒      ▒▒
///     blocked                  ────
///               the intervals, one behind the other, without gaps
struct TraceThread {
  /// What a thread is doing.
  enum State: Equatable {
    case running(hart: Int)
    /// It could run, but another thread does.
    case ready
    /// It waits for this.
    case blocked(String)
  }

  /// For how long it did so.
  struct Interval: Equatable {
    let state: State
    let span: TraceSpan
  }

  let number: Int
  var name: String
  /// Nil if the event that told it is missing.
  let priority: Int?
  var intervals: [Interval] = []
  var wakes: [UInt64] = []
  var preemptions = 0
  /// Nil once it has ended.
  var state: State? = .ready

  func spans(where matches: (State) -> Bool) -> [TraceSpan] {
    intervals.filter { matches($0.state) }.map(\.span)
  }

  var running: [TraceSpan] {
    spans { if case .running = $0 { true } else { false } }
  }
  var ready: [TraceSpan] { spans { $0 == .ready } }
  var blocked: [TraceSpan] {
    spans { if case .blocked = $0 { true } else { false } }
  }
  var runTime: UInt64 { Self.total(running) }
  var longestWait: UInt64 { ready.map(\.length).max() ?? 0 }

  static func total(_ spans: [TraceSpan]) -> UInt64 {
    spans.reduce(0) { $0 + $1.length }
  }
}

/// What one hart did beside running threads.
struct TraceHart {
  let number: Int
  var idle: [TraceSpan] = []
  var interrupts: [(kind: TraceEvent.Interrupt, ticks: UInt64)] = []
  /// How often it went on with another thread than the one it ran last.
  var switches = 0

  var idleTime: UInt64 { TraceThread.total(idle) }
}

/// The time in which one scheduler ruled.
struct TraceSection {
  /// Nil if the event that told it is missing.
  let policy: String?
  let span: TraceSpan
  /// In the order of their birth.
  let threads: [TraceThread]
  /// Those that did anything, by number.
  let harts: [TraceHart]

  var title: String { policy ?? "policy unknown" }
  var switches: Int { harts.reduce(0) { $0 + $1.switches } }
  var preemptions: Int { threads.reduce(0) { $0 + $1.preemptions } }
  var idleTime: UInt64 { harts.reduce(0) { $0 + $1.idleTime } }
}
