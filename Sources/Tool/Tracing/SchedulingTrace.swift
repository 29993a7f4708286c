// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// What the schedulers of a program did, one after the other.
///
///     lines ─▶ events ─▶ sections, threads, intervals ─┬▶ chart
///                                                      ├▶ JSON
///                                                      └▶ table
public struct Trace {
  let clock: TraceClock
  let sections: [TraceSection]
  let text: TraceText
  /// Events that cannot have happened as they are told.
  let strays: Int

  /// - Parameter lines: What the program printed; only the lines of the trace
  ///   are read. Nil if they tell of no scheduler.
  public init?(_ lines: [String]) {
    let text = TraceText(lines)
    guard !text.isEmpty else { return nil }
    var builder = TraceBuilder()
    for event in text.events { builder.handle(event) }
    builder.finish()
    self.text = text
    clock = TraceClock(frequency: text.frequency)
    sections = builder.sections
    strays = builder.strays
  }

  /// Whether all of it could be read, to the end.
  public var isSound: Bool {
    text.isComplete && text.damaged == 0 && strays == 0
      && text.frequency != nil
  }
}

/// Cuts a trace into sections.
private struct TraceBuilder {
  private(set) var sections: [TraceSection] = []
  private(set) var strays = 0

  private var open: SectionBuilder?
  /// Every thread that was ever born, for those that outlive a scheduler.
  private var known: [Int: TraceThread] = [:]
  /// Born before their scheduler began.
  private var waiting: [TraceThread] = []
  private var last: UInt64 = 0

  mutating func handle(_ event: TraceEvent) {
    last = event.ticks
    switch event.action {
    case .begin(let policy): begin(policy)
    case .end where open != nil: finish()
    case .spawn(let thread, let priority, let name):
      spawn(
        TraceThread(
          number: thread, name: name.isEmpty ? "thread \(thread)" : name,
          priority: priority))
    default: pass(event)
    }
  }

  /// Ends the section that is open.
  mutating func finish() {
    if let open { sections.append(open.section(endingAt: last)) }
    open = nil
  }

  private mutating func begin(_ policy: String) {
    finish()
    start(policy.isEmpty ? nil : policy)
  }

  private mutating func start(_ policy: String?) {
    open = SectionBuilder(policy: policy, start: last)
    for thread in waiting { _ = open?.add(thread, at: last) }
    waiting = []
  }

  private mutating func spawn(_ thread: TraceThread) {
    guard known[thread.number] == nil else {
      strays += 1
      return
    }
    known[thread.number] = thread
    // Always true: the number is new.
    if open?.add(thread, at: last) == nil { waiting.append(thread) }
  }

  private mutating func pass(_ event: TraceEvent) {
    if open == nil {
      // The first events may be lost; what comes after an end is none of a
      // scheduler's business.
      guard sections.isEmpty, event.action != .end else {
        strays += event.isInterrupt ? 0 : 1
        return
      }
      guard !event.isInterrupt else { return }
      start(nil)
    }
    if let thread = event.thread, open?.knows(thread) == false {
      let old = known[thread]
      _ = open?.add(
        old
          ?? TraceThread(
            number: thread, name: "thread \(thread)", priority: nil),
        at: last)
    }
    if open?.handle(event) == false { strays += 1 }
  }
}

extension TraceEvent {
  fileprivate var isInterrupt: Bool {
    if case .interrupt = action { true } else { false }
  }

  /// The thread it is about.
  fileprivate var thread: Int? {
    switch action {
    case .run(let thread): thread
    case .wake(let thread), .block(let thread, _), .preempt(let thread),
      .exit(let thread):
      thread
    case .begin, .spawn, .interrupt, .end: nil
    }
  }
}
