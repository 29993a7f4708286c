// SPDX-License-Identifier: BSD-3-Clause

import Exercise_5_3
import Hart
import Scheduling

/// Runs `body` as the first thread of a scheduler with the policy.
func onStride(_ body: () -> Void) {
  onHart { Scheduler<Stride, HeapStacks>.run(body) }
}

/// On the host, on a hart whose clock goes on only when it is idle.
private func onHart(_ body: () -> Void) {
  #if arch(riscv64)
    body()
  #else
    let hart = SimulatedHart()
    hart.onInterruptsEnabled = { $0.deliverTimerInterrupt() }
    hart.onWait = { $0.time = max($0.time, $0.timerComparison ?? 0) }
    hart.run(body)
  #endif
}

// MARK: - Threads that take turns

/// Which thread had which turn. They share one hart.
final class Turns: @unchecked Sendable {
  private var names: [Int] = []
  /// The turn from which on the order matters.
  private(set) var start = 0

  private var hasStartedOther = false

  init() { names.reserveCapacity(8192) }

  func count(of name: Int) -> Int {
    names.reduce(0) { $0 + ($1 == name ? 1 : 0) }
  }

  func longestBurst(of name: Int, from start: Int) -> (Int, Int) {
    var (count, burst, longest) = (0, 0, 0)
    for turn in names.dropFirst(start) {
      burst = turn == name ? burst + 1 : 0
      longest = max(longest, burst)
      count += turn == name ? 1 : 0
    }
    return (count, longest)
  }

  /// A thread that takes turns until there have been so many.
  func spawn(
    _ name: Int, priority: Int = 0, until end: Int, startsOtherAt: Int = .max
  ) {
    try? Thread.spawn("turns", priority: Priority(priority)) {
      while self.names.count < end {
        if self.names.count >= startsOtherAt, !self.hasStartedOther {
          self.hasStartedOther = true
          self.spawn(1, priority: priority, until: end)
        }
        self.take(name)
      }
    }.detach()
  }

  /// Thread 1 has a turn, waits for the end of another, and has turns again.
  func waitForOther() {
    try? Thread.spawn("waiting", priority: 0) {
      self.take(1)
      try? Thread.spawn("other", priority: 0) {
        for _ in 0..<400 { Thread.yield() }
      }.join()
      self.start = self.names.count
      while self.names.count < self.start + 40 { self.take(1) }
    }.detach()
    try? Thread.spawn("turns", priority: 0) {
      while self.start == 0 || self.names.count < self.start + 40 {
        self.take(0)
      }
    }.detach()
  }

  private func take(_ name: Int) {
    names.append(name)
    Thread.yield()
  }
}

// MARK: - A policy without its scheduler

private final class Sleepers: @unchecked Sendable {
  var threads: [ThreadReference] = []
  func addRunning() {
    if let thread = ThreadReference.current { threads.append(thread) }
  }
}

/// Calls `body` with threads that sleep, and so stand in no run queue.
func withSleepers(_ levels: [Int], _ body: ([ThreadReference]) -> Void) {
  let sleepers = Sleepers()
  onHart {
    Scheduler<FirstCome, HeapStacks>.run {
      for level in levels {
        try? Thread.spawn("sleeper", priority: Priority(level)) {
          sleepers.addRunning()
          Thread.sleep(for: .milliseconds(20))
        }.detach()
      }
      Thread.yield()
      guard sleepers.threads.count == levels.count else { return }
      body(sleepers.threads)
    }
  }
}

/// A policy that is called directly, and the threads in the order in which it
/// took them.
struct PolicyTest {
  fileprivate var policy = Stride()
  fileprivate var taken: [ThreadReference] = []

  /// Takes one thread and puts it back at the end.
  mutating func turn() {
    guard let next = policy.takeNext() else { return }
    taken.append(next)
    policy.add(next)
  }

  /// Brings all passes to 3 strides before their wrap-around.
  mutating func leap(with thread: ThreadReference) {
    let others = takeAll()
    let goal = 0 &- UInt64(3 << 20)
    for pass in [1 << 62, 2 << 62, 3 << 62, goal] as [UInt64] {
      thread.record.policyWord = pass
      policy.add(thread)
      _ = policy.takeNext()
    }
    for other in others {
      other.record.policyWord = goal
      policy.add(other)
    }
  }

  private mutating func takeAll() -> [ThreadReference] {
    var all: [ThreadReference] = []
    while all.count < 8, let next = policy.takeNext() { all.append(next) }
    return all
  }
}

/// The order in which equal threads are taken, by their numbers.
func order(
  of count: Int, _ body: (inout PolicyTest, [ThreadReference]) -> Void
) -> [Int] {
  var order: [Int] = []
  withSleepers([Int](repeating: 0, count: count)) { threads in
    var test = PolicyTest()
    for thread in threads { test.policy.add(thread) }
    body(&test, threads)
    order = test.taken.map { threads.firstIndex(of: $0) ?? -1 }
  }
  return order
}
