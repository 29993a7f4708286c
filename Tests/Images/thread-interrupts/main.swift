// SPDX-License-Identifier: BSD-3-Clause
//
// Threads that compute are interrupted at all kinds of places by others that
// wake up, and must find their registers as they left them.

import Boot
import Console
import Hart
import Scheduling

@inline(__always)
func mix(_ word: inout UInt64, _ other: UInt64) {
  word ^= word << 13
  word ^= word >> 7
  word = word &+ (other ^ word << 17)
}

/// A result for which twelve values must be kept all the time: as many as
/// there are registers that a switch keeps.
@inline(never)
func churn(_ seed: UInt64, _ rounds: Int) -> UInt64 {
  var (a, b, c, d) = (seed, seed &+ 1, seed &+ 2, seed &+ 3)
  var (e, f, g, h) = (seed &+ 4, seed &+ 5, seed &+ 6, seed &+ 7)
  var (i, j, k, l) = (seed &+ 8, seed &+ 9, seed &+ 10, seed &+ 11)
  for _ in 0..<rounds {
    mix(&a, l); mix(&b, a); mix(&c, b); mix(&d, c)
    mix(&e, d); mix(&f, e); mix(&g, f); mix(&h, g)
    mix(&i, h); mix(&j, i); mix(&k, j); mix(&l, k)
  }
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ l
}

/// Computes the same again and again. Returns how often it was right.
func work(_ seed: UInt64, until end: Instant) -> Int {
  // Two numbers of rounds in turn, or the compiler would do it but once.
  let expected = Hart.withInterruptsDisabled {
    (churn(seed, 200), churn(seed, 201))
  }
  var right = 0
  while Instant.now < end {
    let isEven = right % 2 == 0
    guard churn(seed, 200 + right % 2) == (isEven ? expected.0 : expected.1)
    else {
      panic("thread \(Thread.number) has lost a register")
    }
    right += 1
  }
  return right
}

/// Wakes up at irregular times, and computes a little.
func interrupt(_ seed: UInt64, until end: Instant) -> Int {
  let expected = churn(seed, 3)
  var (random, wakes) = (seed, 0)
  while Instant.now < end {
    random = churn(random, 1)
    Thread.sleep(for: .nanoseconds(3_000 + random % 60_000))
    guard churn(seed, 3) == expected else { panic("a sleeper lost one") }
    wakes += 1
  }
  return wakes
}

func check<Policy: SchedulingPolicy & ~Copyable>(_: Policy.Type) {
  Scheduler<Policy, GuardedStacks>.run {
    let end = Instant.now(plus: .milliseconds(300))
    do throws(ThreadError) {
      let a = try Thread.spawn("a") { work(1, until: end) }
      let b = try Thread.spawn("b") { work(2, until: end) }
      let c = try Thread.spawn("c", priority: 20) { interrupt(3, until: end) }
      let d = try Thread.spawn("d", priority: 24) { interrupt(4, until: end) }
      let (rounds, others) = (try a.join(), try b.join())
      let wakes = try c.join() + d.join()
      let isEnough = rounds > 10 && others > 10 && wakes > 100
      print("\(Policy.name): \(isEnough ? "all registers kept" : "too few")")
      print("\(rounds) and \(others) rounds, \(wakes) wake-ups")
    } catch { panic("no memory") }
  }
}

check(RoundRobin.self)
check(StrictPriority.self)
