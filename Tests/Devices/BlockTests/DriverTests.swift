// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import SimulatedDevices
import Testing
import Virtio

@testable import Block

/// What was wrong with the driver, once each.
@Suite struct DriverTests {
  @Test func `a request that comes later does not wait for a batch`() throws {
    var options = SimulatedDisk.Options()
    options.hasEventIndex = true
    let rig = Rig(options)
    rig.disk.answersAtOnce = false
    try rig.run { driver in
      let queue = RequestQueue(for: driver)
      let many = try (0..<21).map {
        BlockRequest(.read, at: $0, try pattern(1, seed: 0))
      }
      for request in many { try queue.submit(request) }
      // The queue is full; the device interrupts after a quarter.
      driver.poll()
      let one = BlockRequest(.read, at: 30, try pattern(1, seed: 0))
      try one.submit(to: driver)
      for _ in 0..<5 { rig.disk.answer() }
      rig.wait()
      // Now the device has it, and answers it first.
      rig.disk.answer(rig.disk.pending.count - 1)
      rig.wait()
      #expect(!one.isInFlight)
      rig.disk.answersAtOnce = true
      rig.disk.answerAll()
      while queue.wait() != nil {}
    }
  }

  @Test func `a chain is no longer than the queue, even in a table`() throws {
    var options = SimulatedDisk.Options()
    options.hasIndirect = true
    let rig = Rig(options)
    try rig.run(queueSize: 8) { driver in
      #expect(driver.geometry.maxSegments == 6)
    }
  }

  @Test func `a request is not submitted before it is reaped`() throws {
    let rig = Rig()
    try rig.run { driver in
      let queue = RequestQueue(for: driver)
      let requests = try (0..<3).map {
        BlockRequest(.read, at: $0, try pattern(1, seed: 0))
      }
      for request in requests { try queue.submit(request) }
      rig.wait()
      #expect(queue.inFlight == 0)
      #expect(throws: BlockError.inFlight) { try queue.submit(requests[0]) }
      for request in requests { #expect(queue.wait() === request) }
      try queue.submit(requests[0])
      #expect(queue.wait() === requests[0])
    }
  }

  @Test func `a queue that goes gives its requests back`() throws {
    let rig = Rig()
    weak var gone: BlockRequest?
    try rig.run { driver in
      var queue: RequestQueue? = RequestQueue(for: driver)
      let kept = BlockRequest(.read, at: 0, try pattern(1, seed: 0))
      do {
        let request = BlockRequest(.read, at: 1, try pattern(1, seed: 0))
        gone = request
        try queue?.submit(request)
        try queue?.submit(kept)
      }
      rig.wait()
      queue = nil
      try driver.perform(kept)
    }
    #expect(gone == nil)
  }

  @Test func `a request that is done at once hides no deadline`() throws {
    var options = SimulatedDisk.Options()
    options.hasFlush = false
    let rig = Rig(options)
    rig.disk.isSilent = true
    try rig.run { driver in
      let queue = RequestQueue(for: driver)
      let lost = BlockRequest(.read, at: 1, try pattern(1, seed: 0))
      try queue.submit(lost)
      let flush = BlockRequest(.flush)
      try queue.submit(flush)
      #expect(queue.wait() === flush)
      let limit = rig.hart.time + 1_000_000_000
      rig.onStep = {
        if rig.hart.time > limit { rig.disk.becomeHonest() }
        rig.disk.answerAll()
      }
      #expect(queue.wait() === lost)
      #expect(lost.error == .timedOut)
    }
  }

  @Test func `a disk that is given up is told of nothing more`() throws {
    let rig = Rig()
    rig.disk.answersAtOnce = false
    try rig.run { driver in
      let queue = RequestQueue(for: driver)
      try queue.submit(BlockRequest(.read, at: 1, try pattern(1, seed: 0)))
      try queue.add(BlockRequest(.read, at: 2, try pattern(1, seed: 0)))
      Misbehaviour.breaksAndRefusesFeatures.corrupt(rig.disk)
      rig.disk.answer()
      rig.wait()
      let before = rig.disk.device.notifications
      queue.push()
      #expect(rig.disk.device.notifications == before)
      #expect(rig.disk.device.violations == [])
    }
  }

  @Test func `requests that no device understands are refused`() throws {
    let rig = Rig()
    try rig.run { driver in
      let buffer = try pattern(2, seed: 0)
      let sector = BlockSegment(buffer, count: 512)
      let nothing = BlockSegment(buffer, count: 0)
      for (request, expected): (BlockRequest, BlockError) in [
        (.init(.read, sector, [nothing]), .misaligned),
        (.init(.write, nothing, [sector]), .misaligned),
        (.init(.read, nothing), .misaligned),
        (.init(.read, sectorCount: 5), .misaligned),
        (.init(.flush, sector), .misaligned),
        (.init(.discard, sector), .misaligned),
        (.init(.writeZeroes, sector, [sector]), .misaligned),
        (
          .init(.identify, BlockSegment(buffer, count: 20), [nothing]),
          .misaligned
        ),
      ] {
        #expect(throws: expected) { try driver.perform(request) }
      }
    }
    #expect(rig.disk.answered == 0)
  }

  @Test func `what a device may still write to is never given back`() throws {
    let rig = Rig()
    rig.disk.answersAtOnce = false
    try rig.hart.run {
      try rig.start()
      var request: BlockRequest? = BlockRequest(
        .read, at: 3, try pattern(1, seed: 0))
      try request?.submit(to: rig.driver)
      let chain = try #require(rig.disk.pending.first)
      let device = rig.disk.device
      // The store that resets it is swallowed.
      device.onStore = { offset, value in offset == 0x70 && value == 0 }
      device.giveUp()
      rig.interrupt()
      #expect(request?.error == .broken)
      request = nil
      rig.stop()
      for stretch in chain.readable + chain.writable {
        #expect(
          SimulatedDMA.contains(stretch.address, count: stretch.count))
      }
    }
  }

  @Test func `without memory for a table a request fails`() throws {
    var options = SimulatedDisk.Options()
    options.hasIndirect = true
    let rig = Rig(options)
    try rig.run { driver in
      let buffer = try pattern(2, seed: 0)
      let parts = [0, 512].map { BlockSegment(buffer, offset: $0, count: 512) }
      let request = BlockRequest(.read, parts[0], [parts[1]])
      SimulatedDMA.$allowance.withValue(.init(0)) {
        #expect(throws: BlockError.outOfMemory) { try driver.perform(request) }
      }
      try driver.perform(request)
    }
  }

  @Test(arguments: 0..<3)
  func `without memory there is no driver, and nothing is lost`(
    count: Int
  ) throws {
    let rig = Rig()
    try rig.hart.run {
      let allowance = SimulatedDMA.Allowance(count)
      try SimulatedDMA.$allowance.withValue(allowance) {
        if count < 2 {
          #expect(throws: VirtioError.outOfMemory) { try rig.start() }
          #expect(!rig.disk.device.isReady)
        } else {
          try rig.start()
        }
      }
      #expect(allowance.living == 0 || count == 2)
      rig.stop()
      #expect(allowance.living == 0)
    }
  }
}
