// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Scheduling

/// Decides who runs next, and tries everything: depth first, over all sequences
/// of choices.
///
///     run 1   0 0 0 0        the last choice that has alternatives left
///     run 2   0 0 0 1        takes the next one; all before it are replayed
///     run 3   0 0 1 0 …
///
/// What threads share is changed with interrupts off, so on one hart it is
/// enough to choose where interrupts are let in again.
final class Explorer: @unchecked Sendable {
  @TaskLocal static var current: Explorer?

  /// A time beyond all time-outs of a test: only a standstill comes to it.
  static let endOfTime: UInt64 = 1 << 40

  /// The choices of this run: what was chosen, of how many.
  private(set) var trail: [(choice: Int, count: Int)] = []
  private var prefix: [Int]
  private let maxPreemptions: Int
  private var preemptions = 0
  private(set) var violation: String?
  /// Whether choices are made; not while a test prepares or ends.
  var isActive = false
  /// Who gets the hart from the thread that is interrupted.
  private var forced: Int?
  /// How many threads are ready.
  var readyCount = 0
  /// Checked wherever a choice is made.
  var invariant: () -> String? = { nil }

  init(replaying prefix: [Int], maxPreemptions: Int) {
    self.prefix = prefix
    self.maxPreemptions = maxPreemptions
  }

  var choices: [Int] { trail.map(\.choice) }

  func fail(_ words: String) { violation = violation ?? words }

  private func choose(_ count: Int) -> Int {
    guard isActive, count > 1 else { return 0 }
    let index = trail.count
    let choice = index < prefix.count ? prefix[index] : 0
    trail.append((choice, count))
    return choice
  }

  /// Which of those that are ready runs next.
  func chooseNext(of count: Int) -> Int {
    if let index = forced {
      forced = nil
      return index
    }
    return choose(count)
  }

  /// Called wherever the code lets interrupts in.
  func interruptsEnabled(_ hart: SimulatedHart) {
    guard isActive, Hart.scheduler != 0 else { return }
    guard !Dispatcher.with({ $0.isIdle }) else {
      hart.deliverTimerInterrupt()
      return
    }
    while true {
      if let words = invariant() { fail(words) }
      let others = preemptions < maxPreemptions ? readyCount : 0
      let isTimed = (hart.timerComparison ?? .max) < Self.endOfTime
      let choice = choose(1 + others + (isTimed ? 1 : 0))
      guard choice > 0 else { return }
      guard choice > others else {
        preemptions += 1
        forced = choice - 1
        return hart.deliverPreemption()
      }
      hart.time = max(hart.time, hart.timerComparison ?? 0)
      hart.deliverTimerInterrupt()
    }
  }

  /// The choices of the next run, or nil if all have been tried.
  var successor: [Int]? {
    var trail = trail
    while let last = trail.popLast() {
      guard last.choice + 1 == last.count else {
        return trail.map(\.choice) + [last.choice + 1]
      }
    }
    return nil
  }
}

/// A policy that asks the explorer.
struct Chosen: SchedulingPolicy {
  static var name: StaticString { "chosen" }
  static var timeSlice: UInt64? { nil }

  private var ready: [ThreadReference] = []

  init() {}

  var isEmpty: Bool { ready.isEmpty }

  mutating func add(_ thread: ThreadReference) {
    ready.append(thread)
    count()
  }

  mutating func putBack(_ thread: ThreadReference) { add(thread) }

  mutating func takeNext() -> ThreadReference? {
    guard !ready.isEmpty else { return nil }
    let index = Explorer.current?.chooseNext(of: ready.count) ?? 0
    defer { count() }
    return ready.remove(at: index)
  }

  mutating func remove(_ thread: ThreadReference) {
    ready.removeAll { $0 == thread }
    count()
  }

  private func count() { Explorer.current?.readyCount = ready.count }
}

/// One system of threads to explore.
struct Model {
  /// What each thread does, with its priority.
  var threads: [(priority: Priority, body: () -> Void)] = []
  var invariant: () -> String? = { nil }
  /// What must hold when all threads have ended.
  var check: () -> String? = { nil }

  mutating func add(
    _ priority: Priority = .normal, _ body: @escaping () -> Void
  ) {
    threads.append((priority, body))
  }
}

/// What an exploration has found.
struct Findings {
  var schedules = 0
  /// The first violation, with the choices that lead to it.
  var violation: (words: String, choices: [Int])?
  var isComplete = false
}

/// Runs a model once.
func runOnce(
  _ choices: [Int], maxPreemptions: Int, _ make: (Explorer) -> Model
) -> Explorer {
  let explorer = Explorer(replaying: choices, maxPreemptions: maxPreemptions)
  let hart = SimulatedHart()
  hart.onInterruptsEnabled = { [unowned explorer] in
    explorer.interruptsEnabled($0)
  }
  hart.onWait = { $0.time = max($0.time, $0.timerComparison ?? 0) }
  Explorer.$current.withValue(explorer) {
    hart.run {
      let model = make(explorer)
      Scheduler<Chosen, HeapStacks>.run { perform(model, explorer) }
      if explorer.violation == nil, let words = model.check() {
        explorer.fail(words)
      }
      explorer.invariant = { nil }
    }
  }
  return explorer
}

/// Starts the threads and waits for their end. If they come to a standstill,
/// they are left where they are.
private func perform(_ model: Model, _ explorer: Explorer) {
  for thread in model.threads {
    nonisolated(unsafe) let body = thread.body
    _ = try? Thread.spawn("model", priority: thread.priority) { unsafe body() }
  }
  explorer.invariant = model.invariant
  Dispatcher.critical { dispatcher in
    explorer.isActive = true
    let end = Instant(ticks: Explorer.endOfTime)
    let haveEnded = dispatcher.others.sleep(dispatcher, until: end)
    explorer.isActive = false
    guard !haveEnded else { return }
    explorer.fail("\(dispatcher.living - 1) threads wait for ever")
    dispatcher.living = 1
  }
}

/// Runs a model with all sequences of choices, up to the first violation.
func explore(
  _ name: String, maxPreemptions: Int, limit: Int = 100_000,
  _ make: (Explorer) -> Model
) -> Findings {
  var findings = Findings()
  var next: [Int]? = []
  while let choices = next, findings.schedules < limit {
    let explorer = runOnce(
      choices, maxPreemptions: maxPreemptions, make)
    findings.schedules += 1
    if let words = explorer.violation {
      findings.violation = (words, explorer.choices)
      print("\(name): \(words); choices \(explorer.choices)")
      return findings
    }
    next = explorer.successor
  }
  findings.isComplete = next == nil
  let extent = findings.isComplete ? "all" : "the first"
  print(
    "\(name): \(extent) \(findings.schedules) schedules "
      + "with up to \(maxPreemptions) pre-emptions")
  return findings
}

/// Expects that no schedule violates anything.
func expectSound(
  _ name: String, maxPreemptions: Int = 2, limit: Int = 100_000,
  source: SourceLocation = #_sourceLocation, _ make: (Explorer) -> Model
) {
  let found = explore(
    name, maxPreemptions: maxPreemptions, limit: limit, make)
  #expect(
    found.violation == nil, "\(name): \(String(describing: found.violation))",
    sourceLocation: source)
  #expect(found.isComplete, "\(name): not all", sourceLocation: source)
}

/// Expects that some schedule violates something, always when replayed.
func expectViolation(
  _ name: String, maxPreemptions: Int = 2,
  source: SourceLocation = #_sourceLocation, _ make: (Explorer) -> Model
) {
  let found = explore(name, maxPreemptions: maxPreemptions, make)
  guard let violation = found.violation else {
    Issue.record("\(name): nothing found", sourceLocation: source)
    return
  }
  let again = runOnce(
    violation.choices, maxPreemptions: maxPreemptions, make)
  #expect(again.violation == violation.words, sourceLocation: source)
}
