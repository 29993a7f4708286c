// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Follows one scheduler from event to event.
struct SectionBuilder {
  private struct Hart {
    var facts: TraceHart
    /// The thread that it runs.
    var thread: Int?
    /// The one that it ran last.
    var last: Int?
    var idleSince: UInt64?
  }

  private let policy: String?
  private let start: UInt64
  private var now: UInt64
  private var threads: [TraceThread] = []
  private var places: [Int: Int] = [:]
  /// When each thread came into its state.
  private var since: [UInt64] = []
  private var harts: [Int: Hart] = [:]

  init(policy: String?, start: UInt64) {
    self.policy = policy
    self.start = start
    now = start
  }

  /// Adds a thread that can run.
  ///
  /// - Returns: False if there is one with that number.
  mutating func add(_ thread: TraceThread, at ticks: UInt64) -> Bool {
    guard places[thread.number] == nil else { return false }
    places[thread.number] = threads.count
    threads.append(thread)
    since.append(ticks)
    now = ticks
    return true
  }

  func knows(_ thread: Int) -> Bool { places[thread] != nil }

  /// Takes in an event about threads that are known, or about a hart.
  ///
  /// - Returns: False if it cannot have happened.
  mutating func handle(_ event: TraceEvent) -> Bool {
    now = event.ticks
    switch event.action {
    case .run(nil):
      idle(event.hart)
      return true
    case .run(let thread?): return run(thread, on: event.hart)
    case .wake(let thread): return wake(thread)
    case .block(let thread, let reason):
      return leave(thread, for: .blocked(reason))
    case .preempt(let thread):
      guard let place = places[thread], isRunning(place) else { return false }
      threads[place].preemptions += 1
      return leave(thread, for: .ready)
    case .exit(let thread): return leave(thread, for: nil)
    case .interrupt(let kind):
      hart(event.hart) { $0.facts.interrupts.append((kind, event.ticks)) }
      return true
    case .begin, .spawn, .end: return false
    }
  }

  /// What has happened, with everything that still lasts ended at `end`.
  func section(endingAt end: UInt64) -> TraceSection {
    var copy = self
    copy.now = max(end, now)
    for place in threads.indices { copy.close(place) }
    for number in harts.keys { copy.stopIdling(number) }
    return TraceSection(
      policy: policy, span: TraceSpan(start, copy.now),
      threads: Self.toldApart(copy.threads),
      harts: copy.harts.values.map(\.facts).sorted { $0.number < $1.number })
  }
}

extension SectionBuilder {
  /// Threads of one name get their numbers: `producer #3`.
  private static func toldApart(_ threads: [TraceThread]) -> [TraceThread] {
    let namesakes = Dictionary(grouping: threads, by: \.name)
    return threads.map { thread in
      guard namesakes[thread.name, default: []].count > 1 else { return thread }
      var copy = thread
      copy.name += " #\(thread.number)"
      return copy
    }
  }

  private func isRunning(_ place: Int) -> Bool {
    if case .running = threads[place].state { true } else { false }
  }

  private mutating func hart(_ number: Int, _ change: (inout Hart) -> Void) {
    change(
      &harts[number, default: Hart(facts: TraceHart(number: number))])
  }

  private mutating func run(_ thread: Int, on number: Int) -> Bool {
    guard let place = places[thread], threads[place].state != nil else {
      return false
    }
    stopIdling(number)
    let state = TraceThread.State.running(hart: number)
    // The one that is running goes on.
    guard threads[place].state != state else { return true }
    displace(on: number)
    if isRunning(place) { _ = leave(thread, for: .ready) }
    enter(place, state)
    hart(number) { hart in
      if let last = hart.last, last != thread { hart.facts.switches += 1 }
      (hart.thread, hart.last) = (thread, thread)
    }
    return true
  }

  private mutating func idle(_ number: Int) {
    displace(on: number)
    let now = now
    hart(number) { $0.idleSince = $0.idleSince ?? now }
  }

  /// The thread that runs there has let another go first: it yields.
  private mutating func displace(on number: Int) {
    guard let thread = harts[number]?.thread else { return }
    _ = leave(thread, for: .ready)
  }

  private mutating func wake(_ thread: Int) -> Bool {
    guard let place = places[thread], let state = threads[place].state else {
      return false
    }
    threads[place].wakes.append(now)
    if case .blocked = state { enter(place, .ready) }
    return true
  }

  /// The thread runs no more.
  private mutating func leave(
    _ thread: Int, for state: TraceThread.State?
  ) -> Bool {
    guard let place = places[thread], let old = threads[place].state else {
      return false
    }
    if case .running(let number) = old { hart(number) { $0.thread = nil } }
    enter(place, state)
    return true
  }

  private mutating func enter(_ place: Int, _ state: TraceThread.State?) {
    close(place)
    threads[place].state = state
  }

  /// Writes down the state that ends now. One that lasted for no tick at all
  /// only counts if the thread ran.
  private mutating func close(_ place: Int) {
    guard let state = threads[place].state else { return }
    let span = TraceSpan(since[place], now)
    since[place] = now
    guard span.length > 0 || isRunning(place) else { return }
    threads[place].intervals.append(.init(state: state, span: span))
  }

  private mutating func stopIdling(_ number: Int) {
    guard let since = harts[number]?.idleSince else { return }
    let span = TraceSpan(since, now)
    hart(number) { hart in
      hart.idleSince = nil
      if span.length > 0 { hart.facts.idle.append(span) }
    }
  }
}
