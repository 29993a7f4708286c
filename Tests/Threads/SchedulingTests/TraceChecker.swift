// SPDX-License-Identifier: BSD-3-Clause

@testable import Scheduling

/// Follows what a scheduler wrote down, and knows what its policy promises.
struct TraceChecker {
  enum Promise {
    /// Whoever is ready first runs first.
    case order
    /// The most urgent one runs.
    case urgency
  }

  let promise: Promise
  /// How long somebody may wait for each one before it, in ticks.
  let turn: UInt64?

  private var ready: [Int] = []
  private var since: [Int: (ticks: UInt64, ahead: Int)] = [:]
  private var levels: [Int: UInt8] = [:]
  private var blocked: Set<Int> = []
  private var ended: Set<Int> = []
  private var running = 0
  private var last: UInt64 = 0
  private(set) var times: [Int: UInt64] = [:]
  private(set) var problems: [String] = []

  init(promise: Promise, turn: UInt64? = nil) {
    self.promise = promise
    self.turn = turn
  }

  /// Follows one run from its beginning to its end.
  mutating func follow(
    _ lines: [TraceLine], changes: [(place: Int, thread: Int, level: UInt8)]
  ) {
    var changes = changes[...]
    last = lines.first?.ticks ?? 0
    for (place, line) in lines.enumerated() {
      while let change = changes.first, change.place <= place {
        levels[change.thread] = change.level
        changes.removeFirst()
      }
      times[running, default: 0] += line.ticks - last
      last = line.ticks
      step(line)
      guard problems.isEmpty else {
        return problems.append("at event \(place): \(line)")
      }
    }
    let all = Set(levels.keys)
    if ended.count != all.count - 1 { problems.append("somebody never ended") }
    let isQuiet = ready.isEmpty && blocked.isEmpty
    if !isQuiet { problems.append("somebody is left") }
  }

  private mutating func expect(_ isSo: Bool, _ words: String) {
    if !isSo { problems.append(words) }
  }

  private mutating func enqueue(_ thread: Int, at ticks: UInt64) {
    since[thread] = (ticks, ready.count + 1)
    ready.append(thread)
  }

  private mutating func step(_ line: TraceLine) {
    let thread = line.thread
    switch line.event {
    case .begin, .end, .interrupt: break
    case .spawn:
      expectUrgency()
      levels[thread] = line.priority
      enqueue(thread, at: line.ticks)
    case .wake:
      expect(blocked.remove(thread) != nil, "woken, but not blocked")
      enqueue(thread, at: line.ticks)
    case .block:
      expect(running == thread, "blocked, but not running")
      expectUrgency()
      blocked.insert(thread)
    case .exit:
      expect(running == thread, "ended, but not running")
      expectUrgency()
      ended.insert(thread)
    case .preempt:
      expect(running == thread, "pre-empted, but not running")
      enqueue(thread, at: line.ticks)
      running = 0
    case .run: run(thread, at: line.ticks)
    }
  }

  /// Nobody gets so far while a more urgent one is ready.
  private mutating func expectUrgency() {
    guard promise == .urgency, running != 0 else { return }
    let most = ready.compactMap { levels[$0] }.max() ?? 0
    expect(levels[running] ?? 0 >= most, "a more urgent one is ready")
  }

  private mutating func run(_ thread: Int, at ticks: UInt64) {
    let isGone = blocked.contains(running) || ended.contains(running)
    if running != 0, !isGone { enqueue(running, at: ticks) }
    running = thread
    guard thread != 0 else {
      return expect(ready.isEmpty, "idle, but somebody is ready")
    }
    guard let place = ready.firstIndex(of: thread) else {
      return expect(false, "runs, but is not ready")
    }
    switch promise {
    case .order: expect(place == 0, "runs out of turn")
    case .urgency:
      let most = ready.compactMap { levels[$0] }.max()
      expect(levels[thread] == most, "less urgent than another")
    }
    ready.remove(at: place)
    guard let turn, let (start, ahead) = since[thread] else { return }
    expect(ticks - start <= UInt64(ahead) * turn, "has waited too long")
  }
}
