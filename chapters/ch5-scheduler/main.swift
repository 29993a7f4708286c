// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 5: one hart, many threads. Three policies run the same workload, and
// the order of the letters tells them apart.

import Boot
import Console
import Hart
import Paging
import Scheduling
import Traps

// `make run-ch5 EXERCISES=mine`.
#if EXERCISE_5_3
  import Exercise_5_3
#endif

// MARK: - The workload

/// Keeps the hart busy for about so many microseconds of its own time: what
/// others take in between does not count.
@inline(never)
func compute(microseconds: Int) {
  // A round is three instructions, and a thousand are a microsecond.
  for _ in 0..<microseconds * 333 { _ = Hart.time }
}

/// A worker: three pieces of work of 1.5 milliseconds each. It never waits.
func work(_ letter: StaticString) {
  for _ in 0..<3 {
    put("\(letter)")
    compute(microseconds: 750)
    put("\(letter)")
    compute(microseconds: 750)
  }
  put(".")
}

/// A worker that asks often whether another thread wants the hart.
func workPolitely(_ letter: StaticString) {
  for _ in 0..<6 {
    put("\(letter)")
    compute(microseconds: 750)
    Thread.yield()
  }
  put(".")
}

/// A thread that mostly sleeps: a bell rings every 1.7 milliseconds, and should
/// be answered at once. Returns how late it was at most, in ticks.
func answerBell(since start: Instant) -> UInt64 {
  var latest: UInt64 = 0
  for number in 1...3 {
    let bell = start + .microseconds(1700 * UInt64(number))
    Thread.sleep(until: bell)
    put("!")
    latest = max(latest, Hart.time - bell.ticks)
  }
  return latest
}

/// Starts all threads, waits for all.
func workload() throws(ThreadError) {
  let start = Instant.now
  let a = try Thread.spawn("a") { work("a") }
  let b = try Thread.spawn("b") { workPolitely("b") }
  let c = try Thread.spawn("c") { work("c") }
  let bell = try Thread.spawn("bell", priority: 24) {
    answerBell(since: start)
  }
  try a.join()
  try b.join()
  try c.join()
  let latest = Trap.clock.nanoseconds(ticks: try bell.join()) / 1000
  print("\n  the bell was answered \(latest) us late at most")
}

func show<Policy: SchedulingPolicy & ~Copyable>(_: Policy.Type) {
  print("\(Policy.name):")
  put("  ")
  Scheduler<Policy, GuardedStacks>.run {
    do throws(ThreadError) {
      try workload()
    } catch {
      panic("a thread could not be started, or ended early")
    }
  }
}

// MARK: - The program

print("Swiftkraft, chapter 5: Scheduler")
print()
show(FirstCome.self)
show(RoundRobin.self)
show(StrictPriority.self)
#if EXERCISE_5_3
  show(Stride.self)
#endif

// Threads bring their results home; sleeping costs nothing.
print()
Scheduler<RoundRobin, GuardedStacks>.run {
  let before = Hart.time
  let sleeper = try? Thread.spawn("sleeper") {
    Thread.sleep(for: .milliseconds(20))
    return 6 * 7
  }
  let answer = (try? sleeper?.join()) ?? 0
  let span = Trap.clock.nanoseconds(ticks: Hart.time - before) / 1_000_000
  print("the sleeper's answer, after \(span) ms: \(answer)")
}
