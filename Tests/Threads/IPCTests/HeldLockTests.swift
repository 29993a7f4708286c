// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import IPC
@testable import Scheduling

/// What a process says before it ends: its last words.
private func text(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

/// Starts a thread and waits for its end.
private func runThread(_ name: StaticString, _ body: @escaping () -> Void) {
  nonisolated(unsafe) let body = body
  let thread = try? Thread.spawn(name) { unsafe body() }
  try? thread?.join()
}

/// Waits with a guard, in vain.
private func waits(for condition: Condition, _ mutex: Mutex<Int>) {
  var guarded = mutex.locked()
  guarded.use { $0 += 1 }
  _ = condition.wait(&guarded, until: .now(plus: .nanoseconds(100)))
  guarded.use { $0 += 1 }
}

/// A thread that ends with something locked is found at its end.
@Suite struct HeldLockTests {
  @Test func `a thread may not exit within a lock`() async {
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      onOwnHart {
        let mutex = Mutex(0, name: "total")
        runThread("holder") {
          mutex.withLock { _ -> Void in Thread.exit() }
        }
        // The newcomer has the dead thread's record.
        start { mutex.withLock { _ in } }
      }
    }
    let words = text(end)
    #expect(
      words.contains("\"holder\" ends and still holds: mutex \"total\""),
      "\(words)")
  }

  @Test func `of several mutexes the one that is locked is named`() async {
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      onOwnHart {
        let others = (0..<5).map { Mutex($0, name: "other") }
        let mutex = Mutex(0, name: "culprit")
        let more = Mutex(0, name: "more")
        others[3].withLock { _ in
          runThread("holder") {
            more.withLock { $0 += 1 }
            mutex.withLock { _ -> Void in Thread.exit() }
          }
        }
      }
    }
    #expect(text(end).contains("holds: mutex \"culprit\""), "\(text(end))")
  }

  @Test func `a guard does not outlive its thread`() async {
    final class Keeper: @unchecked Sendable {
      var guarded: Mutex<Int>.Guard?
    }
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      onOwnHart {
        let (mutex, keeper) = (Mutex(0, name: "kept"), Keeper())
        runThread("holder") {
          keeper.guarded = mutex.locked()
        }
      }
    }
    #expect(text(end).contains("holds: mutex \"kept\""), "\(text(end))")
  }

  @Test func `a guard is used by the thread that has locked`() async {
    final class Keeper: @unchecked Sendable {
      var guarded: Mutex<Int>.Guard?
    }
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      onOwnHart {
        let (mutex, keeper) = (Mutex(0, name: "kept"), Keeper())
        keeper.guarded = mutex.locked()
        start(24) { keeper.guarded = nil }
        Thread.yield()
      }
    }
    #expect(text(end).contains("guard of mutex \"kept\""), "\(text(end))")
  }

  @Test func `a scheduler does not end while a guard is left`() async {
    final class Keeper: @unchecked Sendable {
      var guarded: Mutex<Int>.Guard?
    }
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (mutex, keeper) = (Mutex(0, name: "kept"), Keeper())
      onOwnHart { keeper.guarded = mutex.locked() }
    }
    #expect(text(end).contains("\"main\" ends and still"), "\(text(end))")
  }

  @Test(arguments: 0..<3)
  func `what is not a mutex is found as well`(kind: Int) async {
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [kind = kind as Int] in
      onOwnHart {
        let lock = ReadWriteLock(0, name: "both")
        let once = Once(name: "both")
        runThread("holder") {
          switch kind {
          case 0: lock.read { _ -> Void in Thread.exit() }
          case 1: lock.write { _ -> Void in Thread.exit() }
          default: once.run { Thread.exit() }
          }
        }
      }
    }
    let thing = ["lock, to read", "lock, to write", "once"][kind]
    #expect(
      text(end).contains("\"holder\" ends and still holds: \(thing) \"both\""),
      "\(text(end))")
  }

  @Test func `who has unlocked everything may exit`() {
    let value = onOwnHart {
      let (mutex, lock) = (Mutex(0), ReadWriteLock(0))
      let (condition, once) = (Condition(), Once())
      for _ in 0..<3 {
        runThread("worker") {
          waits(for: condition, mutex)
          lock.read { _ in lock.read { _ in } }
          lock.write { $0 += 1 }
          once.run {}
          mutex.withLock { $0 += 1 }
          Thread.exit()
        }
      }
      return mutex.withLock { $0 } + lock.read { $0 }
    }
    #expect(value == 12)
  }

  @Test func `a mutex that is gone is not looked at`() {
    let ended = onOwnHart {
      do { _ = (0..<10).map { Mutex($0) } }
      let middle = Mutex(0)
      do { _ = (0..<10).map { Mutex($0) } }
      runThread("worker") {
        middle.withLock { $0 += 1 }
        Thread.exit()
      }
      return middle.withLock { $0 }
    }
    #expect(ended == 1)
  }

  @Test func `what was locked before there were threads is told`() async {
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      SimulatedHart().run {
        let mutex = Mutex(0, name: "early")
        mutex.withLock { _ in
          Scheduler<RoundRobin, HeapStacks>.run { mutex.withLock { _ in } }
        }
      }
    }
    #expect(
      text(end).contains("mutex \"early\" was locked before"), "\(text(end))")
  }
}
