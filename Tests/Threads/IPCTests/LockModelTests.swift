// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import IPC
@testable import Scheduling

/// What the threads of one model share.
final class Shared: @unchecked Sendable {
  var inside = 0
  var readers = 0
  var total = 0
  var done = 0
  var list: [Int] = []
  var thread: [Int: ThreadReference] = [:]
  var waitsFor: [Int: Int] = [:]

  /// Between two of these, others may run.
  func pause() {
    Hart.disableInterrupts()
    Hart.enableInterrupts()
  }

  /// Is alone in here, or that is a violation.
  func alone(_ explorer: Explorer) {
    inside += 1
    if inside != 1 { explorer.fail("\(inside) threads are inside") }
    pause()
    inside -= 1
    total += 1
  }
}

extension Mutex where Value: ~Copyable {
  var owner: ThreadReference? { lock.queue.owner }
  var waiters: WaitQueue { lock.queue }
}

/// A lock as beginners write it: it looks and waits in two critical sections.
final class NaiveLock: @unchecked Sendable {
  private var isLocked = false
  private let queue = WaitQueue()

  func lock() {
    while Dispatcher.critical({ _ in isLocked }) {
      Dispatcher.critical { _ = queue.sleep($0, until: .never) }
    }
    Dispatcher.critical { _ in isLocked = true }
  }

  func unlock() {
    Dispatcher.critical { dispatcher in
      isLocked = false
      queue.wakeFirst(dispatcher)
    }
  }
}

@Suite(.serialized) struct LockModelTests {
  @Test func `one thread at a time has a mutex`() {
    expectSound("mutex, 3 threads, twice each") { explorer in
      let (mutex, shared) = (Mutex(0), Shared())
      var model = Model()
      for _ in 0..<3 {
        model.add {
          for _ in 0..<2 {
            mutex.withLock {
              $0 += 1
              if mutex.owner != .running { explorer.fail("not owner") }
              shared.alone(explorer)
            }
          }
        }
      }
      model.check = {
        mutex.owner == nil && shared.total == 6 && mutex.withLock { $0 } == 6
          ? nil : "not all came in"
      }
      return model
    }
  }

  @Test func `a naive lock is found out`() {
    expectViolation("naive lock") { explorer in
      let (lock, shared) = (NaiveLock(), Shared())
      var model = Model()
      for _ in 0..<2 {
        model.add {
          lock.lock()
          shared.alone(explorer)
          lock.unlock()
        }
      }
      return model
    }
  }

  /// The owner of a lock is as urgent as all who wait for it.
  private func urgency(_ locks: [Mutex<Int>]) -> String? {
    for lock in locks {
      guard let owner = lock.owner else { continue }
      var next = lock.waiters.first
      while let one = next {
        next = one.record.nextWaiting
        if one == owner { return "the owner stands in its own line" }
        guard one.record.state == .blocked else { continue }
        if one.record.priority > owner.record.priority {
          return "\(one.record.priority.level) waits for "
            + "\(owner.record.priority.level)"
        }
      }
    }
    return nil
  }

  private func ownUrgency() -> String? {
    let record = ThreadReference.running.record
    return record.priority == record.ownPriority && record.contended.isNone
      ? nil : "\(record.priority.level) is not \(record.ownPriority.level)"
  }

  @Test func `the owner inherits, and only for as long as it owns`() {
    expectSound("inheritance, 3 priorities, twice each") { explorer in
      let (mutex, shared) = (Mutex(0), Shared())
      var model = Model()
      for priority: Priority in [4, 16, 24] {
        model.add(priority) {
          for _ in 0..<2 { mutex.withLock { _ in shared.alone(explorer) } }
          if let words = ownUrgency() { explorer.fail(words) }
        }
      }
      model.invariant = { urgency([mutex]) }
      model.check = { shared.total == 6 ? nil : "not all came in" }
      return model
    }
  }

  @Test(arguments: [false, true])
  func `urgency goes along a chain of two`(isTimed: Bool) {
    let name = isTimed ? "chain with a time-out" : "chain"
    expectSound("\(name), 4 priorities", maxPreemptions: 1) { explorer in
      let (one, two, shared) = (Mutex(0), Mutex(0), Shared())
      var model = Model()
      model.add(4) {
        two.withLock { _ in shared.pause() }
        if let words = ownUrgency() { explorer.fail(words) }
      }
      model.add(8) {
        one.withLock { _ in two.withLock { _ in shared.pause() } }
        if let words = ownUrgency() { explorer.fail(words) }
      }
      model.add(24) {
        if isTimed {
          _ = one.withLock(until: Instant(ticks: 100)) { _ in shared.pause() }
        } else {
          one.withLock { _ in shared.pause() }
        }
        if let words = ownUrgency() { explorer.fail(words) }
      }
      model.add(16) {
        two.withLock { _ in shared.pause() }
        if let words = ownUrgency() { explorer.fail(words) }
      }
      model.invariant = {
        if let words = urgency([one, two]) { return words }
        // Nobody is more urgent than those who wait make it.
        let most = [one, two].flatMap { waiting($0) }.max() ?? 0
        for owner in [one.owner, two.owner].compactMap({ $0 }) {
          let record = owner.record
          let reason = max(most, record.ownPriority.level)
          if record.priority.level > reason {
            return "\(record.priority.level) without a reason"
          }
        }
        return nil
      }
      model.check = { one.owner == nil && two.owner == nil ? nil : "owned" }
      return model
    }
  }

  /// How urgent those are that stand in line, or have their time over.
  private func waiting(_ lock: Mutex<Int>) -> [UInt8] {
    var (all, next): ([UInt8], _) = ([], lock.waiters.first)
    while let one = next {
      all.append(one.record.priority.level)
      next = one.record.nextWaiting
    }
    return all
  }

  @Test func `a time-out in a ring ends it, and no deadlock is reported`() {
    expectSound("ring with a time-out") { explorer in
      let (one, two, shared) = (Mutex(0), Mutex(0), Shared())
      var model = Model()
      model.add {
        one.withLock { _ in
          shared.pause()
          _ = two.withLock(until: Instant(ticks: 100)) { $0 += 1 }
        }
        shared.done += 1
      }
      model.add {
        two.withLock { _ in
          shared.pause()
          one.withLock { $0 += 1 }
        }
        shared.done += 1
      }
      model.check = { shared.done == 2 ? nil : "not all ended" }
      return model
    }
  }

  @Test func `a condition's signal is not lost`() {
    expectSound("condition, 2 takers and 2 givers") { explorer in
      let (mutex, condition, shared) = (Mutex(0), Condition(), Shared())
      var model = Model()
      for _ in 0..<2 {
        model.add {
          var guarded = mutex.locked()
          while guarded.use({ $0 == 0 }) { condition.wait(&guarded) }
          guarded.use { $0 -= 1 }
          shared.alone(explorer)
        }
        model.add {
          mutex.withLock { $0 += 1 }
          condition.signal()
        }
      }
      model.check = {
        shared.total == 2 && mutex.withLock { $0 } == 0 ? nil : "wrong number"
      }
      return model
    }
  }

  @Test func `no reader is in with a writer`() {
    expectSound("readers and writers, 2 and 2") { explorer in
      let (lock, shared) = (ReadWriteLock(0), Shared())
      var model = Model()
      for _ in 0..<2 {
        model.add {
          lock.read { _ in
            shared.readers += 1
            if shared.inside > 0 { explorer.fail("a writer is in") }
            shared.pause()
            shared.readers -= 1
          }
        }
        model.add {
          lock.write {
            $0 += 1
            if shared.readers > 0 { explorer.fail("readers are in") }
            shared.alone(explorer)
          }
        }
      }
      model.check = { shared.total == 2 ? nil : "not all wrote" }
      return model
    }
  }

  @Test func `no writer comes before readers that wait twice`() {
    expectSound("a reader among writers that come again") { explorer in
      let (lock, shared) = (ReadWriteLock(0), Shared())
      var model = Model()
      model.add {
        shared.thread[0] = .running
        lock.read { _ in
          // One is in when it begins to wait, one may just have left.
          let before = shared.total - (shared.waitsFor[0] ?? shared.total)
          if before > 2 { explorer.fail("\(before) writers came first") }
        }
        shared.thread[0] = nil
      }
      model.invariant = {
        if shared.thread[0]?.record.state == .blocked,
          shared.waitsFor[0] == nil
        {
          shared.waitsFor[0] = shared.total
        }
        return nil
      }
      for _ in 0..<2 {
        model.add {
          for _ in 0..<3 { lock.write { _ in shared.alone(explorer) } }
        }
      }
      return model
    }
  }

  @Test func `readers and writers with time-outs leave nobody behind`() {
    expectSound("readers and writers, time-outs", maxPreemptions: 1) {
      explorer in
      let (lock, shared) = (ReadWriteLock(0), Shared())
      var model = Model()
      model.add {
        _ = lock.write(until: Instant(ticks: 100)) { _ in
          shared.alone(explorer)
        }
      }
      model.add {
        _ = lock.read(until: Instant(ticks: 50)) { _ in shared.pause() }
      }
      model.add { lock.read { _ in shared.pause() } }
      model.add { lock.write { _ in shared.alone(explorer) } }
      return model
    }
  }
}
