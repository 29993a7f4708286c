// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import SimulatedDevices
import Testing
import Virtio

@testable import Block

/// The driver with disks that lie: it says so, touches nothing that is not its
/// own, loses no request, and works again once the disk is honest.
@Suite struct MisbehaviourTests {
  /// A disk with all that can be told wrong.
  private func options(
    _ base: SimulatedDisk.Options = .init()
  ) -> SimulatedDisk.Options {
    var options = base
    (options.blockSize, options.segmentLimit) = (512, 16)
    options.sizeLimit = 1 << 20
    return options
  }

  @Test(
    arguments: Misbehaviour.whileSetUp, SimulatedDisk.Options.all)
  func `a disk that lies from the start is refused`(
    lie: Misbehaviour, kind: SimulatedDisk.Options
  ) throws {
    guard !kind.isLegacy || lie.isLegacy else { return }
    let rig = Rig(options(kind))
    lie.spoil(rig.disk)
    try rig.hart.run {
      #expect(throws: try #require(lie.refusal)) { try rig.start() }
      rig.disk.becomeHonest()
      #expect(!rig.disk.device.isReady)
      try rig.start()
      try useDisk(rig)
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: Misbehaviour.copedWith, allKinds)
  func `a disk that is merely odd is used`(
    lie: Misbehaviour, kind: (SimulatedDisk.Options, Bool)
  ) throws {
    let rig = Rig(options(kind.0))
    lie.spoil(rig.disk)
    try rig.run(interrupts: kind.1) { driver in
      try useDisk(rig)
      #expect(driver.lastMisbehaviour == nil)
      #expect(lie == .losesNotifications || driver.resets == 0)
    }
    #expect(rig.disk.device.violations == [])
  }

  @Test(arguments: Misbehaviour.whileRunning, allKinds)
  func `a disk that lies once is reset, and no request is lost`(
    lie: Misbehaviour, kind: (SimulatedDisk.Options, Bool)
  ) throws {
    let rig = Rig(options(kind.0))
    rig.disk.sectors = (0..<64 * 512).map {
      UInt8(truncatingIfNeeded: $0 / 512)
    }
    rig.disk.answersAtOnce = false
    try rig.run(interrupts: kind.1) { driver in
      let queue = RequestQueue(for: driver)
      // Two have come and gone, so that nothing stands at 0.
      rig.disk.answersAtOnce = true
      try useDisk(rig)
      rig.disk.answersAtOnce = false
      let reads = try submitReads(to: queue, count: 30)
      lie.corrupt(rig.disk)
      rig.onStep = {
        rig.disk.finishRemembered()
        rig.disk.answer()
      }
      check(try finish(queue, reads), lie, kind)
      if let accusations = lie.accusations, lie.isSeenByPolling || kind.1 {
        #expect(driver.lastMisbehaviour.map(accusations.contains) == true)
      }
      rig.disk.becomeHonest()
      rig.disk.answersAtOnce = true
      rig.disk.answerAll()
      rig.wait()
      try useDisk(rig)
    }
    #expect(rig.disk.device.violations == [])
  }

  /// What may have become of the requests.
  private func check(
    _ errors: [BlockError?], _ lie: Misbehaviour,
    _ kind: (options: SimulatedDisk.Options, interrupts: Bool)
  ) {
    switch lie {
    case .answersNothing:
      #expect(errors.allSatisfy { $0 == .timedOut })
    case .forgetsOne, .answersAfterReset:
      #expect(errors.allSatisfy { $0 == nil || $0 == .broken })
    case .capacityShrinks:
      #expect(errors.allSatisfy { $0 == nil })
    case .givesUp where !kind.interrupts:
      #expect(errors.allSatisfy { $0 == nil })
    default:
      // The device had 21 of them; the others are none the worse.
      #expect(errors.contains(.broken))
      #expect(errors.contains(nil))
      #expect(errors.allSatisfy { $0 == nil || $0 == .broken })
    }
  }

  @Test(arguments: Misbehaviour.fatal, allKinds)
  func `a disk that cannot be reset fails all that it had, and what follows`(
    lie: Misbehaviour, kind: (SimulatedDisk.Options, Bool)
  ) throws {
    guard kind.1 || lie.isSeenByPolling else { return }
    let rig = Rig(options(kind.0))
    rig.disk.answersAtOnce = false
    try rig.run(interrupts: kind.1) { driver in
      let queue = RequestQueue(for: driver)
      let reads = try submitReads(to: queue, count: 30)
      lie.corrupt(rig.disk)
      rig.onStep = { rig.disk.answer() }
      let errors = try finish(queue, reads)
      #expect(errors.allSatisfy { $0 == .broken })
      #expect(lie.accusations?.first == driver.lastMisbehaviour)
      let resets = driver.resets
      #expect(throws: BlockError.broken) {
        try driver.read(0, into: DMABuffer(count: 512))
      }
      // It is left alone, whatever it does.
      rig.disk.device.interrupt(3)
      rig.wait(3)
      driver.poll()
      driver.recover()
      #expect(driver.resets == resets)
      rig.disk.becomeHonest()
      rig.disk.answersAtOnce = true
      try rig.start(interrupts: kind.1)
      try useDisk(rig)
    }
    #expect(rig.disk.device.violations == [])
  }

  // MARK: - Parts

  private func submitReads(
    to queue: RequestQueue, count: Int
  ) throws -> [BlockRequest] {
    let reads = try (0..<count).map {
      BlockRequest(.read, at: $0, try pattern(1, seed: 77))
    }
    for read in reads { try queue.submit(read) }
    return reads
  }

  /// Waits for all, each of which must come once.
  private func finish(
    _ queue: RequestQueue, _ reads: [BlockRequest]
  ) throws -> [BlockError?] {
    var done: [BlockRequest] = []
    while let request = queue.wait() { done.append(request) }
    #expect(done.count == reads.count)
    #expect(Set(done.map { ObjectIdentifier($0) }).count == reads.count)
    for read in done where read.error == nil {
      let sector = UInt8(truncatingIfNeeded: read.sector)
      #expect(read.segment?.buffer.bytes.allSatisfy { $0 == sector } == true)
    }
    return done.map(\.error)
  }

  /// Writes, reads back, and writes what was there before.
  private func useDisk(_ rig: Rig) throws {
    let old = try pattern(2, seed: 4)
    try rig.driver.read(10, into: old)
    let (one, two) = (try pattern(2, seed: 5), try pattern(2, seed: 6))
    try rig.driver.write(10, from: one)
    try rig.driver.read(10, into: two)
    #expect(one.bytes == two.bytes)
    try rig.driver.write(10, from: old)
  }
}
