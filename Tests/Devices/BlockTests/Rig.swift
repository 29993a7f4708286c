// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import SimulatedDevices
import Testing
import Virtio

@testable import Block

typealias Driver = VirtioBlock<SimulatedVirtioDevice>

/// A simulated disk and its driver, on a hart of their own on which no
/// scheduler runs. Each time that interrupts are enabled the time goes on, and
/// the disk may interrupt.
final class Rig {
  let hart = SimulatedHart()
  let disk: SimulatedDisk
  private(set) var drivers: [Driver] = []
  /// How many ticks go by each time.
  var pace: UInt64 = 100_000
  /// Called each time; may let the disk answer.
  var onStep: () -> Void = {}

  init(_ options: SimulatedDisk.Options = .init()) {
    disk = SimulatedDisk(options)
    hart.onInterruptsEnabled = { [weak self] _ in self?.step() }
  }

  var driver: Driver { drivers[drivers.count - 1] }

  /// A timeout of 1 s is 10,000,000 ticks, or 100 steps.
  func start(
    interrupts: Bool = true, queueSize: Int = 128
  ) throws(VirtioError) {
    drivers = []
    drivers.append(
      try VirtioBlock(
        VirtioTransport(bus: disk.device), interrupts: interrupts,
        timeout: .seconds(1), queueSize: queueSize))
  }

  /// Lets the driver go.
  func stop() { drivers = [] }

  /// Runs `body` on the hart, with a driver.
  func run<Result>(
    interrupts: Bool = true, queueSize: Int = 128,
    _ body: (Driver) throws -> Result
  ) throws -> Result {
    try hart.run {
      Hart.enableInterrupts()
      try start(interrupts: interrupts, queueSize: queueSize)
      return try body(driver)
    }
  }

  private func step() {
    let hook = hart.onInterruptsEnabled
    hart.onInterruptsEnabled = nil
    hart.time += pace
    Hart.disableInterrupts()
    onStep()
    interrupt()
    Hart.enableInterrupts()
    hart.onInterruptsEnabled = hook
  }

  /// Lets the disk interrupt, if it does.
  func interrupt() {
    guard let driver = drivers.last, !driver.needsPolling else { return }
    if disk.device.isInterrupting { driver.handleInterrupt() }
  }

  /// Lets time pass, and interrupts come.
  func wait(_ steps: Int = 1) {
    for _ in 0..<steps {
      Hart.disableInterrupts()
      Hart.enableInterrupts()
    }
  }
}

/// Memory that holds a pattern of its own in each sector.
func pattern(_ sectorCount: Int, seed: Int) throws -> DMABuffer {
  let buffer = try DMABuffer(count: 512 * sectorCount)
  buffer.fill(seed: seed)
  return buffer
}

extension DMABuffer {
  func fill(seed: Int) {
    for offset in stride(from: 0, to: count, by: 8) {
      store64(UInt64(seed &* 1_000_003 &+ offset), at: offset)
    }
  }
}

extension SimulatedDisk {
  func bytes(_ sector: Int, _ count: Int) -> [UInt8] {
    Array(sectors[512 * sector..<512 * (sector + count)])
  }
}

extension BlockRequest {
  convenience init(_ operation: Operation, at sector: Int, _ buffer: DMABuffer)
  {
    self.init(
      operation, sector: UInt64(sector),
      BlockSegment(buffer, count: buffer.count))
  }
}

/// The error that `body` throws.
func failure(_ body: () throws(BlockError) -> Void) -> BlockError? {
  do throws(BlockError) {
    try body()
    return nil
  } catch {
    return error
  }
}

/// Every combination of what changes how a queue works, with and without
/// interrupts.
let allKinds: [(SimulatedDisk.Options, Bool)] =
  SimulatedDisk.Options.all.flatMap { [($0, true), ($0, false)] }
