// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import SimulatedDevices
import Testing
import Virtio

@testable import Block

/// Disks that are as real ones are: slow, and with caches of their own.
@Suite struct FieldTests {
  // MARK: - Slow disks

  @Test(arguments: allKinds)
  func `a disk that answers one request in a while is not reset`(
    options: SimulatedDisk.Options, interrupts: Bool
  ) throws {
    let rig = Rig(options)
    rig.disk.answersAtOnce = false
    try rig.run(interrupts: interrupts) { driver in
      let queue = RequestQueue(for: driver)
      for index in 0..<20 {
        try queue.submit(
          BlockRequest(.read, at: index, try pattern(1, seed: 0)))
      }
      // One answer in 0.9 s; the timeout is 1 s, and all take 18 s.
      let count = answerEach(90, rig)
      var errors: [BlockError?] = []
      while let done = queue.wait() { errors.append(done.error) }
      #expect(errors == Array(repeating: nil, count: 20))
      #expect(driver.resets == 0)
      #expect(count.answered == 20)
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: [true, false])
  func `of single requests to a slow disk each is waited for`(
    interrupts: Bool
  ) throws {
    let rig = Rig()
    rig.disk.answersAtOnce = false
    try rig.run(interrupts: interrupts) { driver in
      let requests = try (0..<5).map {
        BlockRequest(.read, at: $0, try pattern(1, seed: 0))
      }
      for request in requests { try request.submit(to: driver) }
      let count = answerEach(90, rig)
      // The last one first: it waits longer than any timeout.
      for request in requests.reversed() { try request.wait() }
      #expect(driver.resets == 0)
      #expect(count.answered == 5)
    }
  }

  @Test func `a disk that stops in the middle is reset`() throws {
    let rig = Rig()
    rig.disk.answersAtOnce = false
    try rig.run { driver in
      let queue = RequestQueue(for: driver)
      for index in 0..<4 {
        try queue.submit(
          BlockRequest(.read, at: index, try pattern(1, seed: 0)))
      }
      let count = answerEach(90, rig, atMost: 2)
      for _ in 0..<2 { #expect(queue.wait()?.error == nil) }
      let start = rig.hart.time
      rig.onStep = { if driver.resets > 0 { rig.disk.answerAll() } }
      for _ in 0..<2 { #expect(queue.wait()?.error == nil) }
      #expect(count.answered == 2)
      #expect(driver.resets == 1)
      // One timeout and the second between two looks, not two patiences.
      #expect(rig.hart.time - start <= 2 * 10_000_000)
    }
  }

  /// However many others it serves, a request that it has lost is not waited
  /// for without end.
  @Test func `a disk that forgets one while it works is reset`() throws {
    let rig = Rig()
    try rig.run { driver in
      let lost = BlockRequest(.read, at: 9, try pattern(1, seed: 0))
      Misbehaviour.forgetsOne.corrupt(rig.disk)
      try lost.submit(to: driver)
      let buffer = try pattern(1, seed: 0)
      let read = BlockRequest(.read, at: 1, buffer)
      var others = 0
      while lost.isInFlight, others < 10_000 {
        try driver.perform(read)
        others += 1
        rig.hart.time += 100_000
        driver.recover()
      }
      #expect(lost.error == nil && driver.resets == 1)
      #expect(others > 16 * 64 && others < 2 * 16 * 64)
    }
  }

  private final class Count { var answered = 0 }

  /// Lets the disk answer the oldest request at each step of so many.
  private func answerEach(
    _ steps: Int, _ rig: Rig, atMost most: Int = .max
  ) -> Count {
    let count = Count()
    var step = 0
    rig.onStep = {
      step += 1
      guard step % steps == 0, !rig.disk.pending.isEmpty,
        count.answered < most
      else { return }
      count.answered += 1
      rig.disk.answer()
    }
    return count
  }

  // MARK: - Caches

  @Test(arguments: [true, false], [true, false])
  func `a disk's owner decides whether it caches`(
    writesThrough: Bool, isLegacy: Bool
  ) throws {
    var options = SimulatedDisk.Options()
    options.isLegacy = isLegacy
    (options.hasCacheControl, options.writesThrough) = (true, writesThrough)
    let rig = Rig(options)
    try rig.run { driver in
      #expect(rig.disk.writesThrough == writesThrough)
      #expect(driver.geometry.cachesWrites == !writesThrough)
      let data = try pattern(2, seed: 3)
      try driver.write(7, from: data)
      #expect((rig.disk.durable == rig.disk.sectors) == writesThrough)
      let asked = rig.disk.answered
      try driver.flush()
      #expect(rig.disk.durable == rig.disk.sectors)
      // It has nothing to flush, and is not asked.
      #expect((rig.disk.answered == asked) == writesThrough)
      // A reset changes nothing of it.
      Misbehaviour.statusSeven.corrupt(rig.disk)
      #expect(throws: BlockError.broken) { try driver.write(7, from: data) }
      try driver.write(7, from: data)
      #expect(driver.resets == 1)
      #expect(rig.disk.writesThrough == writesThrough)
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test func `a disk that offers no choice and flushes is believed to cache`()
    throws
  {
    try Rig().run { #expect($0.geometry.cachesWrites) }
    var options = SimulatedDisk.Options()
    (options.hasFlush, options.hasCacheControl) = (false, false)
    try Rig(options).run { #expect(!$0.geometry.cachesWrites) }
  }

  // MARK: - Whether it may interrupt

  @Test func `a disk interrupts only while it has requests`() throws {
    let rig = Rig()
    rig.disk.answersAtOnce = false
    try rig.run { driver in
      #expect(!driver.mayInterrupt)
      let read = BlockRequest(.read, at: 1, try pattern(1, seed: 0))
      try read.submit(to: driver)
      #expect(driver.mayInterrupt)
      rig.disk.answerAll()
      try read.wait()
      #expect(!driver.mayInterrupt)
    }
    try Rig().run(interrupts: false) { driver in
      let read = BlockRequest(.read, at: 1, try pattern(1, seed: 0))
      try read.submit(to: driver)
      #expect(!driver.mayInterrupt)
    }
  }
}
