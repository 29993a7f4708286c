// SPDX-License-Identifier: BSD-3-Clause

import Hart
import TestSupport

@testable import Scheduling

/// Threads that do at random what threads can do, on a hart whose time passes
/// only while somebody computes or nobody can.
final class Workload: @unchecked Sendable {
  private let hart = SimulatedHart()
  private let recording = TraceRecording()
  private var dice: Dice
  /// Whether threads lose the hart at random places as well.
  private let preempting: Bool
  private var isQuiet = false
  private var spawned = 0
  private var exits: Set<Int> = []

  /// What threads have computed by number, in ticks, and nobody: 0.
  private(set) var spent: [Int: UInt64] = [:]
  /// The priorities that threads gave themselves, each with the number of
  /// events before it.
  private(set) var changes: [(place: Int, thread: Int, level: UInt8)] = []
  /// What should not have been.
  private(set) var problems: [String] = []

  init(seed: UInt64, preempting: Bool) {
    dice = Dice(seed: seed)
    self.preempting = preempting
  }

  /// Runs it all, and returns what the scheduler wrote down.
  func run<Policy: SchedulingPolicy & ~Copyable>(
    _: Policy.Type
  ) -> [TraceLine] {
    let recording = self.recording
    hart.onInterruptsEnabled = { [unowned self] hart in
      guard !isQuiet else { return }
      let came = hart.deliverTimerInterrupt()
      guard preempting, !came, dice.roll(15) == 0 else { return }
      hart.deliverPreemption()
    }
    hart.onWait = { [unowned self] hart in
      isQuiet = false
      let now = hart.time
      hart.time = max(now, hart.timerComparison ?? now)
      spent[0, default: 0] += hart.time - now
    }
    TraceRecording.$current.withValue(recording) {
      hart.run {
        Scheduler<Policy, HeapStacks>.run { _ = act(depth: 0) }
      }
    }
    hart.onInterruptsEnabled = nil
    hart.onWait = { _ in }
    return recording.lines
  }

  private func act(depth: Int) -> Int {
    var sum = depth
    for _ in 0...dice.roll(8) {
      switch dice.roll(10) {
      case 0, 1: work(dice.roll(30_000))
      case 2: work(dice.roll(100))
      case 3, 4: Thread.yield()
      case 5: sleep(dice.roll(25_000))
      case 6: changePriority(dice.roll(32))
      case 7: spawn(depth + 1, isDetached: true)
      default: spawn(depth + 1, isDetached: false)
      }
      sum += 1
    }
    return sum
  }

  private func work(_ ticks: Int) {
    var left = ticks
    while left > 0 {
      let step = min(left, 50)
      left -= step
      hart.time += UInt64(step)
      spent[Thread.number, default: 0] += UInt64(step)
      Hart.disableInterrupts()
      Hart.enableInterrupts()
    }
  }

  private func sleep(_ ticks: Int) {
    let moment = Instant(ticks: hart.time + UInt64(ticks))
    Thread.sleep(until: moment)
    if hart.time < moment.ticks { problems.append("woken too early") }
  }

  private func changePriority(_ level: Int) {
    // Nothing may come between the note and the change.
    isQuiet = true
    changes.append((recording.lines.count, Thread.number, UInt8(level)))
    Thread.setPriority(Priority(level))
    isQuiet = false
  }

  private func spawn(_ depth: Int, isDetached: Bool) {
    guard spawned < 60, depth < 5 else { return }
    spawned += 1
    let key = spawned
    let exitsEarly = dice.roll(6) == 0
    if exitsEarly { exits.insert(key) }
    do throws(ThreadError) {
      let thread = try Thread.spawn("t", priority: Priority(dice.roll(32))) {
        _ = self.act(depth: depth)
        if exitsEarly { Thread.exit() }
        return key
      }
      guard !isDetached else { return }
      if dice.roll(2) == 0 { work(dice.roll(2000)) }
      if dice.roll(3) == 0 {
        let ended = thread.wait(
          until: Instant(ticks: hart.time + UInt64(dice.roll(20_000))))
        if ended != thread.hasEnded { problems.append("ended or not") }
      }
      if try thread.join() != key { problems.append("a foreign result") }
      if exitsEarly { problems.append("a result of nobody") }
    } catch {
      if error != .endedEarly || !exitsEarly { problems.append("\(error)") }
    }
  }
}
