// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import IPC
@testable import Scheduling

/// Numbers at the end of their range.
@Suite struct EdgeTests {
  @Test func `a semaphore takes as many permits as a number can count`() {
    let answers = onOwnHart {
      let semaphore = Semaphore(.max - 1)
      semaphore.signal()
      return [semaphore.tryWait(), semaphore.tryWait()]
    }
    #expect(answers == [true, true])
  }

  @Test func `a permit too many is told`() async {
    let end = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      onOwnHart { Semaphore(.max, name: "full").signal() }
    }
    let text = String(
      decoding: end?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains("semaphore \"full\" has too many permits"), "\(text)")
  }

  @Test func `permits for threads that wait are none too many`() {
    let count = onOwnHart {
      let (semaphore, shared) = (Semaphore(0), Shared())
      for _ in 0..<3 {
        start(24) {
          semaphore.wait()
          shared.list.append(1)
        }
      }
      Thread.sleep(until: Instant(ticks: 10))
      for _ in 0..<4 { semaphore.signal() }
      return shared.list.count + (semaphore.tryWait() ? 10 : 0)
    }
    #expect(count == 13)
  }

  @Test func `a ring's numbers may wrap around`() {
    let storage = RingStorage<Int>(4)
    defer { storage.release() }
    var number = UInt64.max - 1
    for value in 0..<4 {
      storage.fill(number &+ UInt64(value), value)
    }
    let values = (0..<4).map { _ in
      defer { number &+= 1 }
      return storage.empty(number)
    }
    #expect(values == [0, 1, 2, 3])
  }

  @Test func `a deadline that no clock reaches is never`() {
    let answers = onOwnHart {
      let semaphore = Semaphore(1)
      let far = Instant(ticks: .max - 1) + .seconds(.max)
      let last = Instant(ticks: .max - 1)
      return [
        far == .never, semaphore.wait(until: far),
        Instant.now(plus: .seconds(.max)) > .now,
        TimeSpan.seconds(.max) == .nanoseconds(.max), last < .never,
      ]
    }
    #expect(answers == [true, true, true, true, true])
  }
}
