// SPDX-License-Identifier: BSD-3-Clause

import Console
import Ch6Shared
import Exercise_6_1
import Grading
import Scheduling

/// A keyboard, and what was read from it.
private final class Keys: Keyboard, @unchecked Sendable {
  private var pressed: [UInt8] = []
  /// What is pressed just after a look that has found nothing.
  var afterLook: [UInt8] = []
  var sum = 0
  var readCount = 0
  /// How often a thread has looked.
  private(set) var looks = 0

  func take() -> UInt8? {
    looks += 1
    if !pressed.isEmpty { return pressed.removeFirst() }
    guard !afterLook.isEmpty else { return nil }
    let keys = afterLook
    afterLook = []
    press(keys)
    return nil
  }

  func press(_ keys: [UInt8]) {
    pressed += keys
    interrupt()
  }

  func note(_ key: UInt8) {
    sum += Int(key)
    readCount += 1
  }
}

func checkKeyReader(_ grader: inout Grader) {
  grader.check("a key that is there is read at once") { report in
    report.expectKeys(readers: 1, [[1]], late: false)
  }
  grader.check("a key comes while a thread waits") { report in
    report.expectKeys(readers: 1, [[1], [2], [3]], late: true)
  }
  grader.check("a key comes between the look and the wait", worth: 3) {
    report in
    report.expectKeyAfterLook([7], readers: 1)
  }
  grader.check("one interrupt for three keys, three threads", worth: 3) {
    report in
    report.expectKeys(readers: 3, [[1, 2, 3]], late: true)
    report.expectKeyAfterLook([1, 2, 3], readers: 3)
  }
  grader.check("random keys, threads and yields", worth: 2) { report in
    var random = report.random()
    for _ in 0..<50 where !report.hasFailed { report.expectRandom(&random) }
  }
}

extension Report {
  private mutating func run(
    _ keys: Keys, readers: Int, each count: Int, isLong: Bool = true,
    _ given: StaticString, press: (Keys) -> Void
  ) {
    let reader = KeyReader(keys)
    let all = readers * count
    withThreads(onInterrupt: { reader.keysHaveCome() }) {
      let alone = turnsWhileYielding()
      for _ in 0..<readers {
        start("reader") {
          for _ in 0..<count { keys.note(reader.read()) }
        }
      }
      press(keys)
      let isDone = letOthersRun { keys.readCount == all }
      expect(
        isDone, given: "\(readers) threads read \(count) keys each: \(given)",
        expected: "all \(all) keys read",
        got: "\(keys.readCount) read; a thread waits though a key is there")
      // So that the threads end.
      for _ in 0..<1000 where keys.readCount < all {
        keys.press([0])
        reader.keysHaveCome()
        Thread.yield()
      }
      if isLong, !hasFailed { expectWaiting(reader, keys, alone) }
    }
  }

  /// Two more threads, which wait while no key is pressed.
  private mutating func expectWaiting(
    _ reader: KeyReader<Keys>, _ keys: Keys, _ alone: Int
  ) {
    let all = keys.readCount + 2
    for _ in 0..<2 {
      start("reader") { keys.note(reader.read()) }
    }
    yield(times: 3)
    let before = keys.looks
    expectSleep("two threads wait for keys", alone: alone)
    expect(
      keys.looks == before, given: "two threads wait; no key is pressed",
      expected: "no look at the keyboard until keysHaveCome() is called",
      got: "\(keys.looks - before) looks")
    keys.press([0, 0])
    let isDone = letOthersRun { keys.readCount == all }
    expect(
      isDone, given: "two threads have waited; then two keys are pressed",
      expected: "both are read", got: "a thread waits though a key is there")
  }

  private mutating func expectSum(_ keys: Keys, _ sum: Int) {
    expect(
      keys.sum == sum, given: "keys whose numbers add up to \(sum)",
      expected: "each of them once", got: "\(keys.sum)")
  }

  fileprivate mutating func expectKeys(
    readers: Int, _ groups: [[UInt8]], late: Bool
  ) {
    let all = groups.flatMap { $0 }
    run(
      Keys(), readers: readers, each: all.count / readers, isLong: late,
      late ? "pressed while they wait" : "pressed before they look"
    ) { keys in
      for group in groups {
        if late { yield(times: 5) }
        keys.press(group)
      }
    }
  }

  fileprivate mutating func expectKeyAfterLook(
    _ pressed: [UInt8], readers: Int
  ) {
    let keys = Keys()
    keys.afterLook = pressed
    run(
      keys, readers: readers, each: 1,
      "pressed just after the first look"
    ) { _ in }
    expectSum(keys, pressed.reduce(0) { $0 + Int($1) })
  }

  fileprivate mutating func expectRandom(_ random: inout SeededRandom) {
    let readers = 1 + Int(random.next(below: 4))
    let count = 1 + Int(random.next(below: 5))
    var groups: [[UInt8]] = []
    var (left, sum) = (readers * count, 0)
    while left > 0 {
      let size = min(left, 1 + Int(random.next(below: 4)))
      groups.append((0..<size).map { _ in UInt8(random.next(below: 200)) })
      for key in groups[groups.count - 1] { sum += Int(key) }
      left -= size
    }
    let keys = Keys()
    run(keys, readers: readers, each: count, "at random") { keys in
      for group in groups {
        yield(times: random.next(below: 3))
        if random.next(below: 2) == 0, keys.afterLook.isEmpty {
          keys.afterLook = group
        } else {
          keys.press(group)
        }
      }
      // No thread may look again: what is left is pressed now.
      keys.press(keys.afterLook)
      keys.afterLook = []
    }
    expectSum(keys, sum)
  }
}
