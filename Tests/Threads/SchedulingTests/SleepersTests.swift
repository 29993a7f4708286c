// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing

@testable import Scheduling

/// Records without threads, for structures that keep threads.
@safe
final class Records {
  let threads: [ThreadReference]
  private let memory: UnsafeMutablePointer<ThreadControlBlock>

  init(_ count: Int) {
    let memory = UnsafeMutablePointer<ThreadControlBlock>.allocate(
      capacity: count)
    unsafe memory.initialize(repeating: ThreadControlBlock(), count: count)
    unsafe self.memory = unsafe memory
    threads = (0..<count).map { unsafe ThreadReference(at: memory + $0) }
    for (number, thread) in threads.enumerated() {
      thread.record.number = number
    }
  }

  deinit { unsafe memory.deallocate() }
}

@Suite struct SleepersTests {
  @Test(arguments: 1...20)
  func `the first to wake is always in front`(seed: UInt64) {
    var dice = Dice(seed: seed)
    let records = Records(200)
    var sleepers = SleepQueue()
    let hasRoom = sleepers.reserve(200)
    #expect(hasRoom)
    var model: [Int: UInt64] = [:]
    for _ in 0..<5000 {
      let number = dice.roll(200)
      let thread = records.threads[number]
      if model.removeValue(forKey: number) != nil {
        sleepers.remove(thread)
        #expect(!thread.isTimed)
      } else {
        thread.record.wakeTime = UInt64(dice.roll(1000))
        model[number] = thread.record.wakeTime
        sleepers.insert(thread)
        #expect(thread.isTimed)
      }
      #expect(sleepers.count == model.count)
      let first = sleepers.first?.record.wakeTime
      #expect(first == model.values.min(), "seed \(seed)")
    }
  }
}

@Suite struct ThreadListTests {
  @Test(arguments: 1...20)
  func `a line keeps its order`(seed: UInt64) {
    var dice = Dice(seed: seed)
    let records = Records(20)
    var list = ThreadList()
    var model: [Int] = []
    for _ in 0..<2000 {
      let number = dice.roll(20)
      let thread = records.threads[number]
      switch (dice.roll(5), model.contains(number)) {
      case (0, false):
        list.prepend(thread)
        model.insert(number, at: 0)
      case (1, false):
        let next = list.rotate(thread)
        #expect((next == nil) == model.isEmpty)
        guard !model.isEmpty else { break }
        model.append(number)
        #expect(next?.record.number == model.removeFirst())
      case (_, false):
        list.append(thread)
        model.append(number)
      case (0, true):
        let first = list.removeFirst()
        #expect(first?.record.number == model.removeFirst())
      case (_, true):
        list.remove(thread)
        model.removeAll { $0 == number }
      }
      #expect(list.first?.record.number == model.first, "seed \(seed)")
      #expect(list.isEmpty == model.isEmpty)
    }
  }
}

@Suite struct PriorityTests {
  @Test(arguments: 1...20)
  func `the most urgent is taken, the oldest of equals`(seed: UInt64) {
    var dice = Dice(seed: seed)
    let records = Records(50)
    var policy = StrictPriority()
    var model: [(number: Int, level: UInt8)] = []
    for _ in 0..<2000 {
      let number = dice.roll(50)
      let thread = records.threads[number]
      if model.contains(where: { $0.number == number }) {
        guard dice.roll(2) == 0 else {
          policy.remove(thread)
          model.removeAll { $0.number == number }
          continue
        }
        let next = policy.takeNext()
        let level = model.map(\.level).max()
        let position = model.firstIndex { $0.level == level }
        let expected = position.map { model.remove(at: $0).number }
        #expect(next?.record.number == expected, "seed \(seed)")
      } else {
        thread.record.priority = Priority(dice.roll(32))
        policy.add(thread)
        model.append((number, thread.record.priority.level))
      }
      #expect(policy.isEmpty == model.isEmpty)
    }
  }
}
