// SPDX-License-Identifier: BSD-3-Clause

import Hart
import SimulatedDevices
import TestSupport
import Testing
import Virtio

@testable import Block
@testable import Scheduling

/// Several threads use one disk, which interrupts.
@Suite struct ThreadTests {
  /// A disk, its driver, and a hart whose clock goes on whenever interrupts
  /// are enabled.
  private func withThreads(
    _ options: SimulatedDisk.Options, seed: UInt64, lies: [Misbehaviour],
    _ body: (Driver) -> Void
  ) throws {
    let (hart, disk) = (SimulatedHart(), SimulatedDisk(options))
    let dice = DiceBox(seed)
    disk.answersAtOnce = false
    nonisolated(unsafe) var driver: Driver?
    func step(_ hart: SimulatedHart) {
      hart.time += 10_000
      if dice.roll(3) == 0 { disk.answer(dice.roll(disk.pending.count + 1)) }
      if !lies.isEmpty, dice.roll(200) == 0 {
        lies[dice.roll(lies.count)].corrupt(disk)
      }
      hart.deliverExternalInterrupt {
        guard disk.device.isInterrupting else { return }
        unsafe driver?.handleInterrupt()
      }
      hart.deliverTimerInterrupt()
    }
    hart.onInterruptsEnabled = step
    hart.onWait = { hart in
      hart.time += 10_000
      if hart.time > 1 << 40 { fatalError("seed \(seed): nobody goes on") }
    }
    try hart.run {
      let new = try VirtioBlock(
        VirtioTransport(bus: disk.device), interrupts: true,
        timeout: .seconds(1), queueSize: 8)
      unsafe driver = new
      Hart.enable(.external)
      Scheduler<StrictPriority, HeapStacks>.run { body(new) }
      hart.onInterruptsEnabled = nil
    }
    unsafe driver = nil
    #expect(disk.device.violations == [], "seed \(seed)")
  }

  @Test(arguments: 0..<20)
  func `each thread reads what it has written`(seed: UInt64) throws {
    let log = Log()
    try withThreads(
      SimulatedDisk.Options.all[Int(seed % 8)], seed: seed, lies: []
    ) { driver in
      for thread in 0..<6 { spawn(driver, thread, log) { $0 == nil } }
      while log.ended < 6 { Thread.sleep(until: .now(plus: .seconds(1))) }
      #expect(driver.resets == 0, "seed \(seed)")
    }
    #expect(log.problems == [], "seed \(seed)")
  }

  @Test(arguments: 0..<20)
  func `each thread goes on when the disk lies`(seed: UInt64) throws {
    let log = Log()
    let lies = Misbehaviour.whileRunning.filter {
      ![.answersAfterReset, .capacityShrinks, .answersNothing].contains($0)
    }
    try withThreads(
      SimulatedDisk.Options.all[Int(seed % 8)], seed: seed, lies: lies
    ) { driver in
      for thread in 0..<6 {
        spawn(driver, thread, log) { [nil, .broken, .timedOut].contains($0) }
      }
      while log.ended < 6 { Thread.sleep(until: .now(plus: .seconds(1))) }
    }
    #expect(log.problems == [], "seed \(seed)")
  }

  /// What threads write down.
  final class Log: @unchecked Sendable {
    var problems: [String] = []
    var ended = 0
  }

  /// A thread that writes and reads its own sectors.
  private func spawn(
    _ driver: Driver, _ number: Int, _ log: Log,
    isLegal: @escaping (BlockError?) -> Bool
  ) {
    nonisolated(unsafe) let isLegal = isLegal
    _ = try? Thread.spawn("disk user", priority: Priority(10 + number % 3)) {
      defer { log.ended += 1 }
      guard let (one, two) = try? (DMABuffer(count: 512), DMABuffer(count: 512))
      else { return }
      for round in 0..<20 {
        let sector = UInt64(8 * number + round % 8)
        one.fill(seed: number * 100 + round)
        two.clear()
        let written = failure { () throws(BlockError) in
          try driver.write(sector, from: one)
        }
        let read = failure { () throws(BlockError) in
          try driver.read(sector, into: two)
        }
        if !isLegal(written) || !isLegal(read) {
          log.problems.append("\(written as Any), \(read as Any)")
        }
        if written == nil, read == nil, one.bytes != two.bytes {
          log.problems.append("\(number) does not find \(round)")
        }
      }
    }
  }
}

private final class DiceBox: @unchecked Sendable {
  private var dice: Dice
  init(_ seed: UInt64) { dice = Dice(seed: seed + 1) }
  func roll(_ sides: Int) -> Int { dice.roll(sides) }
}
