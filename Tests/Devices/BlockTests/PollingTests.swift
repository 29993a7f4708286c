// SPDX-License-Identifier: BSD-3-Clause

import Hart
import SimulatedDevices
import Testing
import Virtio

@testable import Block
@testable import Scheduling

/// A disk that does not interrupt, while threads run.
@Suite struct PollingTests {
  /// What threads count. They share one hart.
  private final class Counts: @unchecked Sendable {
    var rounds = 0
    var looks = 0
    var isDone = false
    var ticks: UInt64 = 0
  }

  /// Runs `body` beside a thread that is less urgent and never waits, with a
  /// disk that takes so many ticks for a request. No interrupt of it arrives,
  /// whether or not the driver counts on them.
  private func poll(
    ticks: UInt64, interrupts: Bool = false,
    _ body: @escaping (Driver) throws(BlockError) -> Void
  ) throws -> Counts {
    let (hart, disk, counts) = (SimulatedHart(), SimulatedDisk(), Counts())
    disk.answersAtOnce = false
    var asked: UInt64?
    hart.onInterruptsEnabled = { hart in
      hart.time += 10
      asked = disk.pending.isEmpty ? nil : asked ?? hart.time
      if let begin = asked, hart.time - begin >= ticks {
        disk.answer()
        asked = nil
      }
      hart.deliverTimerInterrupt()
    }
    hart.onWait = { $0.time = max($0.time, $0.timerComparison ?? 0) }
    try hart.run {
      let driver = try VirtioBlock(
        VirtioTransport(bus: disk.device), interrupts: interrupts,
        timeout: .seconds(1))
      nonisolated(unsafe) let body = body
      Scheduler<StrictPriority, HeapStacks>.run {
        let other = try? Thread.spawn("less urgent", priority: 1) {
          while !counts.isDone {
            counts.rounds += 1
            Hart.disableInterrupts()
            Hart.enableInterrupts()
          }
        }
        let error = failure { () throws(BlockError) in try unsafe body(driver) }
        #expect(error == nil)
        counts.ticks = hart.time
        counts.isDone = true
        try? other?.join()
      }
      hart.onInterruptsEnabled = nil
      #expect(driver.resets == 0)
    }
    #expect(disk.device.violations == [])
    return counts
  }

  @Test func `a less urgent thread runs while another waits for a disk`()
    throws
  {
    // 10 ms, or 10,000 steps of the clock.
    let counts = try poll(ticks: 100_000) { disk throws(BlockError) in
      guard let buffer = try? DMABuffer(count: 512) else { return }
      for sector in 0..<5 { try disk.read(UInt64(sector), into: buffer) }
    }
    #expect(counts.rounds > 40_000)
  }

  @Test func `it runs also while the thread waits for a queue`() throws {
    let counts = try poll(ticks: 100_000) { disk throws(BlockError) in
      guard let buffer = try? DMABuffer(count: 512 * 5) else { return }
      let queue = RequestQueue(for: disk)
      for sector in 0..<5 {
        let piece = BlockSegment(buffer, offset: 512 * sector, count: 512)
        try queue.submit(
          BlockRequest(.read, sector: UInt64(sector), piece))
      }
      while let done = queue.wait() {
        if let error = done.error { throw error }
      }
    }
    #expect(counts.rounds > 40_000)
  }

  /// Each read would take the whole time-out, 1 s.
  @Test func `a disk whose interrupts are lost is looked at now and then`()
    throws
  {
    let counts = try poll(ticks: 100_000, interrupts: true) {
      disk throws(BlockError) in
      guard let buffer = try? DMABuffer(count: 512) else { return }
      for sector in 0..<5 { try disk.read(UInt64(sector), into: buffer) }
      let queue = RequestQueue(for: disk)
      let piece = BlockSegment(buffer, offset: 0, count: 512)
      try queue.submit(BlockRequest(.read, sector: 7, piece))
      while let done = queue.wait() {
        if let error = done.error { throw error }
      }
    }
    #expect(counts.ticks < 10_000_000)
  }

  @Test func `pauses begin short, grow, and have a bound`() {
    SimulatedHart().run {
      var pause = PollingPause()
      let ticks = (0..<10).map { _ in pause.next().ticks }
      #expect(
        ticks == [
          100, 200, 400, 800, 1600, 3200, 6400, 12_800, 12_800, 12_800,
        ])
    }
  }
}
