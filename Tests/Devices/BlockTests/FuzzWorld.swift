// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Scheduling
import SimulatedDevices
import TestSupport
import Testing
import Virtio

@testable import Block

/// A disk that is used at random, and a model that says what it holds.
///
/// No two requests for a sector are on their way at once, so that the model
/// knows what each must find.
final class FuzzWorld {
  /// A request on its way.
  struct Job {
    let request: BlockRequest
    let buffer: DMABuffer?
    let sectors: Range<Int>
    /// What a write makes of its sectors.
    let stamp: UInt64
    /// What the disk held when it was submitted.
    let before: [UInt64?]
  }

  static let sectorCount = 64
  let seed: UInt64
  var dice: Dice
  let rig: Rig
  let lies: Bool
  let interrupts: Bool
  let queueSize: Int
  var queue: RequestQueue?
  /// The number that fills each sector; nil if that is not known.
  var model: [UInt64?] = Array(repeating: 0, count: sectorCount)
  var jobs: [ObjectIdentifier: Job] = [:]
  var busy: Set<Int> = []
  var stamp: UInt64 = 0
  var problems: [String] = []
  var (finished, failed) = (0, 0)

  init(seed: UInt64, lies: Bool) {
    self.seed = seed
    dice = Dice(seed: seed)
    self.lies = lies
    var options = SimulatedDisk.Options.all[dice.roll(8)]
    options.hasFlush = dice.roll(4) > 0
    options.queueSize = [4, 8, 16, 64, 100, 256][dice.roll(6)]
    if dice.roll(2) == 0 { options.segmentLimit = 1 + UInt32(dice.roll(4)) }
    if dice.roll(2) == 0 { options.blockSize = 512 << UInt32(dice.roll(2)) }
    rig = Rig(options)
    rig.disk.looksByItself = dice.roll(4) == 0
    rig.disk.answersAtOnce = dice.roll(4) == 0
    interrupts = dice.roll(3) > 0
    queueSize = [4, 8, 32, 128][dice.roll(4)]
  }

  func run() throws {
    try rig.hart.run {
      Hart.enableInterrupts()
      try start()
      for _ in 0..<60 { try step() }
      try end()
    }
    problems += rig.disk.device.violations
  }

  private func start() throws {
    queue = nil
    try rig.start(interrupts: interrupts, queueSize: queueSize)
    queue = RequestQueue(for: rig.driver)
  }

  private func step() throws {
    switch dice.roll(20) {
    case 0..<8: try submit()
    case 8..<14: rig.disk.answer(dice.roll(max(rig.disk.pending.count, 1)))
    case 14: rig.disk.look()
    case 15..<17: rig.wait()
    case 17: rig.disk.failing = [UInt64(dice.roll(Self.sectorCount))]
    case 18 where lies && dice.roll(3) == 0: lie()
    default:
      if let request = queue?.reap() { finish(request) }
    }
  }

  private func lie() {
    let ways =
      Misbehaviour.whileRunning + (dice.roll(8) == 0 ? Misbehaviour.fatal : [])
    let way = ways[dice.roll(ways.count)]
    // What is answered after a reset carries old data under a new name, which
    // no driver can tell from an answer.
    if way != .answersAfterReset { way.corrupt(rig.disk) }
  }

  /// All that is on its way finishes, and the disk holds what it should.
  private func end() throws {
    rig.disk.becomeHonest()
    (rig.disk.answersAtOnce, rig.disk.failing) = (true, [])
    rig.disk.look()
    let last = rig.hart.time + 1_000_000_000
    rig.onStep = { [rig, unowned self] in
      rig.disk.look()
      guard rig.hart.time < last else {
        fatalError("seed \(seed): \(jobs.count) requests never finish")
      }
    }
    while let request = queue?.wait() { finish(request) }
    if !jobs.isEmpty { problems.append("\(jobs.count) requests are lost") }
    try start()
    let all = try DMABuffer(count: 512 * 2)
    for sector in stride(from: 0, to: Self.sectorCount, by: 2) {
      try rig.driver.read(UInt64(sector), into: all)
      check(all, at: sector, model[sector..<sector + 2], "at the end")
    }
  }

  // MARK: - Requests

  private func submit() throws {
    let block = Int(rig.driver.geometry.sectorsPerBlock)
    let count = block * (1 + dice.roll(2))
    let first = block * dice.roll((Self.sectorCount - count) / block + 1)
    let sectors = first..<first + count
    guard busy.isDisjoint(with: sectors) else { return }
    stamp += 1
    let kinds: [BlockRequest.Operation] = [
      .read, .read, .read, .write, .write, .write, .flush, .discard,
      .writeZeroes, .identify,
    ]
    let job = try job(kinds[dice.roll(kinds.count)], sectors)
    do throws(BlockError) {
      if dice.roll(2) == 0 {
        try queue?.add(job.request)
      } else {
        try queue?.submit(job.request)
      }
    } catch {
      // The disk may have become smaller, or allow less.
      if ![.outOfRange, .tooLarge].contains(error) {
        problems.append("\(job.request.operation): \(error)")
      }
      return
    }
    jobs[ObjectIdentifier(job.request)] = job
    busy.formUnion(job.sectors)
  }

  private func job(
    _ operation: BlockRequest.Operation, _ sectors: Range<Int>
  ) throws -> Job {
    let isTransfer = operation == .read || operation == .write
    guard isTransfer || operation == .identify else {
      let isFlush = operation == .flush
      let request = BlockRequest(
        operation, sector: isFlush ? 0 : UInt64(sectors.lowerBound),
        sectorCount: isFlush ? 0 : UInt64(sectors.count))
      return Job(
        request: request, buffer: nil, sectors: isFlush ? 0..<0 : sectors,
        stamp: operation == .discard ? 0xDDDD_DDDD_DDDD_DDDD : 0,
        before: model)
    }
    let size = isTransfer ? 512 * sectors.count : 20
    let buffer = try DMABuffer(count: size)
    if isTransfer {
      for offset in stride(from: 0, to: size, by: 8) {
        buffer.store64(stamp, at: offset)
      }
    }
    let parts = parts(of: buffer)
    let request = BlockRequest(
      operation, sector: isTransfer ? UInt64(sectors.lowerBound) : 0,
      parts[0], Array(parts.dropFirst()))
    return Job(
      request: request, buffer: buffer, sectors: isTransfer ? sectors : 0..<0,
      stamp: stamp, before: model)
  }

  private func parts(of buffer: DMABuffer) -> [BlockSegment] {
    guard dice.roll(3) == 0, rig.driver.geometry.maxSegments > 1 else {
      return [BlockSegment(buffer, count: buffer.count)]
    }
    let cut = 1 + dice.roll(buffer.count - 1)
    return [
      BlockSegment(buffer, count: cut),
      BlockSegment(buffer, offset: cut, count: buffer.count - cut),
    ]
  }

  // MARK: - Looking

  private func finish(_ request: BlockRequest) {
    guard let job = jobs.removeValue(forKey: ObjectIdentifier(request)) else {
      return problems.append("a request finishes twice")
    }
    busy.subtract(job.sectors)
    finished += 1
    let error = request.error
    if error != nil { failed += 1 }
    let isLegal = error == nil || error == .failed || lies
    if !isLegal { problems.append("\(request.operation): \(error as Any)") }
    switch request.operation {
    case .read:
      guard error == nil, let buffer = job.buffer else { return }
      check(
        buffer, at: job.sectors.lowerBound, job.before[job.sectors], "read")
    case .write, .discard, .writeZeroes:
      for sector in job.sectors {
        model[sector] = error == nil ? job.stamp : nil
      }
    case .flush where error == nil && rig.disk.options.hasFlush:
      checkDurable(job)
    default: return
    }
  }

  private func check(
    _ buffer: DMABuffer, at first: Int, _ known: ArraySlice<UInt64?>,
    _ place: String
  ) {
    for (index, number) in known.enumerated() {
      guard let number else { continue }
      for offset in stride(from: 512 * index, to: 512 * (index + 1), by: 8) {
        let found = buffer.load64(at: offset)
        guard found != number else { continue }
        return problems.append(
          "sector \(first + index) holds \(found), not \(number), \(place)")
      }
    }
  }

  /// What was finished before a flush has survived it.
  private func checkDurable(_ job: Job) {
    for sector in 0..<Self.sectorCount where !busy.contains(sector) {
      guard let number = model[sector], job.before[sector] == number else {
        continue
      }
      let bytes = rig.disk.durable[512 * sector..<512 * sector + 8]
      let found = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if found != number { problems.append("\(sector) does not last") }
    }
  }
}
