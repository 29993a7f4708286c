// SPDX-License-Identifier: BSD-3-Clause

import Hart
import SimulatedDevices
import TestSupport
import Testing

@testable import Virtio

/// A queue and a device that follows the rules, at random, beside a model of
/// what each of them knows.
final class QueueWorld {
  let device: SimulatedVirtioDevice
  let transport: VirtioTransport<SimulatedVirtioDevice>
  let memory: DMABuffer
  private var dice: UInt64
  /// The chains that the device has: how many descriptors each takes, and how
  /// much of it can be written.
  var model: [UInt16: (descriptors: Int, writable: Int)] = [:]
  var taken: [SimulatedChain] = []
  var problems: [String] = []
  /// Whether the device was told of all that it has not looked at.
  var mustLook = false

  init(seed: UInt64) throws {
    dice = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var options = SimulatedVirtioDevice.Options()
    options.isLegacy = seed & 1 == 0
    options.features = seed & 2 == 0 ? .indirect : .indirect | .eventIndex
    options.queueSizes = [1 << Int(seed / 4 % 7)]
    device = SimulatedVirtioDevice(options)
    transport = try VirtioTransport(bus: device)
    memory = try DMABuffer(count: 8192)
    device.onNotify = { [weak self] _ in self?.mustLook = true }
  }

  func roll(_ sides: Int) -> Int {
    dice ^= dice << 13
    dice ^= dice >> 7
    dice ^= dice << 17
    return Int((dice >> 16) % UInt64(sides))
  }

  func run(_ steps: Int) throws {
    let features = try transport.begin(accepting: .indirect | .eventIndex)
    var queue = try Virtqueue(
      index: 0, size: 128, limit: try transport.queueSize(0),
      features: features)
    transport.setUp(queue)
    transport.finish()
    device.wantNotifications(true)
    for _ in 0..<steps {
      switch roll(5) {
      case 0...1: try add(&queue)
      case 2: if queue.publish() { transport.notify(0) }
      case 3: use()
      default: try reap(&queue)
      }
      check(queue)
    }
    if queue.publish() { transport.notify(0) }
    while !model.isEmpty {
      let before = model.count
      for _ in 0..<200 { use() }
      try reap(&queue)
      guard model.count < before else {
        return problems.append("\(model.count) chains are lost")
      }
    }
    check(queue)
    problems += device.violations
  }

  private func check(_ queue: borrowing Virtqueue) {
    let used = model.values.reduce(0) { $0 + $1.descriptors }
    if queue.freeCount != queue.size - used { problems.append("free count") }
    if queue.chainsInFlight != model.count { problems.append("in flight") }
  }

  private func add(_ queue: inout Virtqueue) throws {
    let count = 1 + roll(min(queue.size, 6))
    let inTable = roll(3) == 0
    let size = inTable ? 1 : count
    guard var chain = queue.beginChain(size) else {
      if size <= queue.freeCount { problems.append("refused") }
      return
    }
    let readable = roll(count + 1)
    var table = DescriptorTable(in: try DMABuffer(count: 16 * count))
    for index in 0..<count {
      let (place, isWritable) = (UInt64(64 * roll(128)), index >= readable)
      if inTable {
        table.append(memory.address + place, count: 64, isWritable: isWritable)
      } else {
        chain.append(memory.address + place, count: 64, isWritable: isWritable)
      }
    }
    if inTable {
      chain.append(table)
      tables.append(table.memory)
    }
    if model[chain.head] != nil { problems.append("a head given twice") }
    model[chain.head] = (size, 64 * (count - readable))
    queue.add(chain)
  }

  private var tables: [DMABuffer] = []

  /// The device looks if it was told to, and uses one of what it has.
  private func use() {
    if mustLook || roll(20) == 0 {
      mustLook = false
      repeat {
        while let chain = device.takeChain() { taken.append(chain) }
        device.wantNotifications(true)
      } while device.hasChains
    }
    guard !taken.isEmpty else { return }
    let chain = taken.remove(at: roll(taken.count))
    guard let known = model[chain.head] else {
      return problems.append("a chain that nobody has added")
    }
    if chain.writableCount != known.writable { problems.append("writable") }
    device.use(chain, length: roll(known.writable + 1))
  }

  private func reap(_ queue: inout Virtqueue) throws {
    repeat {
      while let used = try queue.takeUsed() {
        guard model.removeValue(forKey: used.head) != nil else {
          return problems.append("a chain used twice")
        }
      }
    } while queue.requestInterrupt()
    device.store32(3, at: 0x64)
  }
}

@Suite(.ownHart) struct VirtqueueModelTests {
  @Test func `a queue agrees with its model`() throws {
    for seed: UInt64 in 1...280 {
      try SimulatedHart().run {
        let world = try QueueWorld(seed: seed)
        try world.run(400)
        #expect(world.problems == [], "seed \(seed)")
      }
    }
  }

  @Test(arguments: [
    (head: 8, length: 0, error: VirtioError.noSuchDescriptor(8)),
    (head: .max, length: 0, error: .noSuchDescriptor(.max)),
    (head: 1, length: 0, error: .notInFlight(1)),
    (head: 7, length: 0, error: .notInFlight(7)),
  ])
  func `what a device has used is not believed`(
    head: UInt32, length: UInt32, error: VirtioError
  ) throws {
    try withQueue { queue, device in
      device.use(.init(head: head, length: length))
      #expect(takeUsed(&queue) == .failure(error))
    }
  }

  @Test(arguments: [(told: 63, taken: 63), (64, 64), (80, 64), (.max, 64)])
  func `a length is at most what the chain has room for`(
    told: UInt32, taken: UInt32
  ) throws {
    try withQueue { queue, device in
      device.use(.init(head: 0, length: told))
      let used = try queue.takeUsed()
      #expect(used?.length == taken)
    }
  }

  @Test(arguments: [UInt16(2), 1000, 65535])
  func `a device uses no more than it has`(index: UInt16) throws {
    try withQueue { queue, device in
      device.onUsedIndex = { _ in index }
      device.use(.init(head: 0, length: 0))
      #expect(takeUsed(&queue) == .failure(.usedIndexOutOfRange))
    }
  }

  @Test func `after a reset all descriptors are free`() throws {
    try withQueue { queue, device in
      device.use(.init(head: 5, length: 0))
      _ = takeUsed(&queue)
      queue.forget()
      let (free, count) = (queue.freeCount, queue.chainsInFlight)
      #expect([free, count] == [8, 0])
      #expect(takeUsed(&queue) == .success(nil))
    }
  }

  /// A queue of 8 whose device has one chain: 0, then 1.
  private func withQueue(
    _ body: (inout Virtqueue, SimulatedVirtioDevice) throws -> Void
  ) throws {
    var options = SimulatedVirtioDevice.Options()
    options.queueSizes = [8]
    let device = SimulatedVirtioDevice(options)
    let transport = try VirtioTransport(bus: device)
    let features = try transport.begin(accepting: .eventIndex)
    var queue = try Virtqueue(index: 0, size: 8, limit: 8, features: features)
    transport.setUp(queue)
    transport.finish()
    let memory = try DMABuffer(count: 128)
    if var chain = queue.beginChain(2) {
      chain.append(memory.address, count: 64, isWritable: false)
      chain.append(memory.address + 64, count: 64, isWritable: true)
      queue.add(chain)
    }
    _ = queue.publish()
    try body(&queue, device)
    #expect(device.violations == [])
  }

  private func takeUsed(
    _ queue: inout Virtqueue
  ) -> Result<UInt16?, VirtioError> {
    do throws(VirtioError) {
      return .success(try queue.takeUsed()?.head)
    } catch {
      return .failure(error)
    }
  }
}
