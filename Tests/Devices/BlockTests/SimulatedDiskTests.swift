// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import SimulatedDevices
import Testing
import Virtio

@testable import Block

/// The driver with a disk that follows the rules, in every version of them.
@Suite struct SimulatedDiskTests {
  @Test(arguments: allKinds)
  func `what is written is read back`(
    options: SimulatedDisk.Options, interrupts: Bool
  ) throws {
    let rig = Rig(options)
    try rig.run(interrupts: interrupts) { driver in
      let (written, read) = (try pattern(3, seed: 1), try pattern(3, seed: 2))
      try driver.write(5, from: written)
      #expect(rig.disk.bytes(5, 3) == written.bytes)
      try driver.read(5, into: read)
      #expect(read.bytes == written.bytes)
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: allKinds)
  func `a request may have memory in many places`(
    options: SimulatedDisk.Options, interrupts: Bool
  ) throws {
    let rig = Rig(options)
    try rig.run(interrupts: interrupts) { driver in
      let buffer = try pattern(4, seed: 1)
      // Odd sizes, in another order than in memory.
      let parts = [(1000, 1048), (0, 1), (1, 999)].map {
        BlockSegment(buffer, offset: $0, count: $1)
      }
      let request = BlockRequest(
        .write, sector: 9, parts[0], [parts[1], parts[2]])
      try driver.perform(request)
      let bytes = buffer.bytes
      let moved = Array(bytes[1000...]) + Array(bytes[0..<1000])
      #expect(rig.disk.bytes(9, 4) == moved)
      buffer.clear()
      request.operation = .read
      try driver.perform(request)
      #expect(buffer.bytes == bytes)
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: allKinds)
  func `all that is not reading and writing works`(
    options: SimulatedDisk.Options, interrupts: Bool
  ) throws {
    let rig = Rig(options)
    try rig.run(interrupts: interrupts) { driver in
      try driver.write(0, from: pattern(4, seed: 1))
      #expect(rig.disk.durable != rig.disk.sectors)
      try driver.flush()
      #expect(rig.disk.durable == rig.disk.sectors)
      try driver.writeZeroes(1, sectorCount: 2)
      #expect(rig.disk.bytes(1, 2).allSatisfy { $0 == 0 })
      try driver.discard(3, sectorCount: 1)
      #expect(rig.disk.bytes(3, 1).allSatisfy { $0 == 0xDD })
      let name = try driver.identify()
      #expect((0..<name.count).map { name[$0] } == Array("simulated".utf8))
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: allKinds)
  func `more requests than the queue has room for all finish`(
    options: SimulatedDisk.Options, interrupts: Bool
  ) throws {
    let rig = Rig(options)
    rig.disk.answersAtOnce = false
    // In the wrong order, and slowly.
    rig.onStep = { rig.disk.answer(rig.disk.pending.count - 1) }
    try rig.run(interrupts: interrupts, queueSize: 8) { driver in
      let queue = RequestQueue(for: driver)
      let requests = try (0..<40).map {
        BlockRequest(.write, at: $0, try pattern(1, seed: $0))
      }
      for request in requests { try queue.submit(request) }
      var done: [ObjectIdentifier] = []
      while let request = queue.wait() {
        #expect(request.error == nil)
        done.append(ObjectIdentifier(request))
      }
      #expect(done.count == 40)
      #expect(Set(done) == Set(requests.map { ObjectIdentifier($0) }))
      for (sector, request) in requests.enumerated() {
        #expect(rig.disk.bytes(sector, 1) == request.segment?.buffer.bytes)
      }
      #expect(driver.resets == 0)
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: SimulatedDisk.Options.all.filter { !$0.hasIndirect })
  func `nothing is special about the request after 65,536`(
    options: SimulatedDisk.Options
  ) throws {
    let rig = Rig(options)
    try rig.run(queueSize: 4) { driver in
      let request = BlockRequest(.read, at: 7, try pattern(1, seed: 0))
      for _ in 0..<65_600 { try driver.perform(request) }
      #expect(driver.resets == 0)
    }
    #expect(rig.disk.answered == 65_600)
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: SimulatedDisk.Options.all)
  func `a disk that looks by itself need not be notified`(
    options: SimulatedDisk.Options
  ) throws {
    let rig = Rig(options)
    rig.disk.looksByItself = true
    rig.onStep = { rig.disk.look() }
    try rig.run { driver in
      rig.disk.look()
      let request = BlockRequest(.read, at: 7, try pattern(1, seed: 0))
      for _ in 0..<50 { try driver.perform(request) }
    }
    #expect(rig.disk.device.notifications <= 1)
    #expect(rig.disk.device.violations == [])
  }

  @Test func `a sector that cannot be read fails its request alone`() throws {
    let rig = Rig()
    rig.disk.failing = [3]
    try rig.run { driver in
      let buffer = try pattern(1, seed: 0)
      for sector: UInt64 in 2...4 {
        let error = failure { () throws(BlockError) in
          try driver.read(sector, into: buffer)
        }
        #expect(error == (sector == 3 ? .failed : nil))
      }
      #expect(driver.resets == 0)
    }
  }

  @Test func `what a disk does not offer is not asked of it`() throws {
    var options = SimulatedDisk.Options()
    (options.hasFlush, options.hasDiscard) = (false, false)
    (options.hasWriteZeroes, options.isReadOnly) = (false, true)
    let rig = Rig(options)
    try rig.run { driver in
      try driver.flush()
      let buffer = try pattern(1, seed: 0)
      #expect(throws: BlockError.readOnly) { try driver.write(0, from: buffer) }
      #expect(throws: BlockError.readOnly) {
        try driver.discard(0, sectorCount: 1)
      }
    }
    #expect(rig.disk.answered == 0)
  }

  @Test func `a disk's limits are kept to`() throws {
    var options = SimulatedDisk.Options()
    options.blockSize = 1024
    (options.segmentLimit, options.sizeLimit) = (2, 1024)
    let rig = Rig(options)
    try rig.run { driver in
      let buffer = try pattern(4, seed: 0)
      let parts = (0..<4).map {
        BlockSegment(buffer, offset: 512 * $0, count: 512)
      }
      for (request, expected): (BlockRequest, BlockError?) in [
        (.init(.read, sector: 1, parts[0], [parts[1]]), .misaligned),
        (.init(.read, sector: 2, parts[0]), .misaligned),
        (.init(.read, sector: 2, parts[0], [parts[1]]), nil),
        (.init(.read, parts[0], Array(parts[1...])), .tooLarge),
        (.init(.read, BlockSegment(buffer, count: 2048)), .tooLarge),
        (.init(.read, sector: 64, parts[0], [parts[1]]), .outOfRange),
        (.init(.read, sector: .max - 1, parts[0], [parts[1]]), .outOfRange),
      ] {
        let error = failure { () throws(BlockError) in
          try driver.perform(request)
        }
        #expect(error == expected)
      }
    }
    #expect(rig.disk.device.violations == [])
  }
}
