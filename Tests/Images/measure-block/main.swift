// SPDX-License-Identifier: BSD-3-Clause
//
// What a request to a disk costs, in instructions of the hart: the time in
// which only the device works is not counted. A thread of the lowest priority
// counts while nobody else runs, and what it took is subtracted.
//
// How fast the disk answers is up to the host. So that a thread really waits,
// the hart listens to the disk only when the other thread runs.

import Block
import Boot
import Console
import DeviceTree
import Hart
import Interrupts
import Paging
import Scheduling
import Virtio

/// Counts for as long as nobody else runs.
final class Spinner: @unchecked Sendable {
  let memory: DMABuffer
  var rounds: UInt64 { memory.load64(at: 0) }
  /// What a round costs.
  private(set) var cost: UInt64 = 0
  /// What measuring nothing gives.
  private(set) var none: UInt64 = 0

  init() throws(VirtioError) {
    memory = try DMABuffer(count: 64)
    memory.clear()
  }

  /// Counts up to `count`, and has the hart listen to devices if it is told to.
  @inline(never)
  func spin(_ count: UInt64, listening: Bool = true) {
    // Either way, a round takes as long.
    let kinds = listening ? InterruptSet.external : InterruptSet(rawValue: 0)
    var left = count
    while left > 0 && memory.load64(at: 8) == 0 {
      Hart.enable(kinds)
      memory.store64(memory.load64(at: 0) &+ 1, at: 0)
      left &-= 1
    }
  }

  func calibrate() {
    let start = Hart.instructionsRetired
    spin(1_000)
    let middle = Hart.instructionsRetired
    spin(2_000)
    let end = Hart.instructionsRetired
    cost = ((end &- middle) &- (middle &- start)) / 1000
    let before = Hart.instructionsRetired
    let after = Hart.instructionsRetired
    none = after &- before
  }

  func stop() { memory.store64(1, at: 8) }
}

/// The cost of a request when `body` does `each` of them: the median of 200
/// times, or the least.
@inline(never)
func cost(
  _ spinner: Spinner, each: UInt64, least: Bool = false,
  _ body: () throws(BlockError) -> Void
) throws(BlockError) -> UInt64 {
  var costs: [UInt64] = []
  costs.reserveCapacity(200)
  for _ in 0..<200 {
    let (rounds, start) = (spinner.rounds, Hart.instructionsRetired)
    try body()
    let end = Hart.instructionsRetired
    costs.append(end &- start &- (spinner.rounds &- rounds) &* spinner.cost)
  }
  costs.sort()
  return (costs[least ? 0 : 100] &- spinner.none) / each
}

func depthOne(
  _ disk: BlockDevice, _ spinner: Spinner, _ buffer: DMABuffer
) throws(BlockError) -> UInt64 {
  let request = BlockRequest(.read, BlockSegment(buffer, count: 4096))
  return try cost(spinner, each: 1) { () throws(BlockError) in
    Hart.disable(.external)
    try disk.perform(request)
  }
}

/// The first look comes late enough to find the answer, nearly always.
func depthOnePolled(
  _ disk: BlockDevice, _ spinner: Spinner, _ buffer: DMABuffer
) throws(BlockError) -> UInt64 {
  let queue = RequestQueue(for: disk)
  let request = BlockRequest(.read, BlockSegment(buffer, count: 4096))
  return try cost(spinner, each: 1, least: true) { () throws(BlockError) in
    try queue.submit(request)
    spinner.spin(20_000, listening: false)
    if let error = queue.wait()?.error { throw error }
  }
}

/// All 32 requests are given to the disk together, and taken back by one
/// interrupt, which comes late enough to find them all, nearly always.
func depthMany(
  _ disk: BlockDevice, _ spinner: Spinner, _ buffer: DMABuffer
) throws(BlockError) -> UInt64 {
  let queue = RequestQueue(for: disk)
  var requests: [BlockRequest] = []
  for index in 0..<32 {
    let segment = BlockSegment(buffer, offset: 4096 * index, count: 4096)
    requests.append(BlockRequest(.read, sector: UInt64(index) * 8, segment))
  }
  return try cost(spinner, each: 32, least: true) { () throws(BlockError) in
    Hart.disable(.external)
    for request in requests { try queue.add(request) }
    queue.push()
    spinner.spin(40_000, listening: false)
    Hart.enable(.external)
    while let done = queue.wait() { if let error = done.error { throw error } }
  }
}

func polled(
  _ transport: VirtioTransport<MemoryMappedBus>, _ spinner: Spinner,
  _ buffer: DMABuffer
) throws(VirtioError) {
  let disk = try VirtioBlock(transport, interrupts: false)
  report("disk read 4 KiB, polled") { () throws(BlockError) in
    try depthOnePolled(disk, spinner, buffer)
  }
}

func interrupting(
  _ device: VirtioDevices.Device, _ spinner: Spinner, _ buffer: DMABuffer
) throws(VirtioError) {
  let disk = try VirtioBlock(device.transport, interrupts: true)
  if let source = device.interrupt {
    try? Interrupts.attach(disk, to: source)
  }
  report("disk read 4 KiB, depth 1") { () throws(BlockError) in
    try depthOne(disk, spinner, buffer)
  }
  report("disk read 4 KiB, depth 32") { () throws(BlockError) in
    try depthMany(disk, spinner, buffer)
  }
}

func report(_ name: StaticString, _ body: () throws(BlockError) -> UInt64) {
  do throws(BlockError) {
    print("\(name) \(try body())")
  } catch { panic("\(error.description)") }
}

Scheduler<StrictPriority, GuardedStacks>.run {
  do throws(VirtioError) {
    guard let device = VirtioDevices.all(ofKind: 2).first else {
      panic("there is no disk")
    }
    let spinner = try Spinner()
    spinner.calibrate()
    let thread = try? Thread.spawn("spinner", priority: 1) {
      spinner.spin(.max)
    }
    let buffer = try DMABuffer(count: 4096 * 32)
    try polled(device.transport, spinner, buffer)
    try interrupting(device, spinner, buffer)
    spinner.stop()
    try? thread?.join()
  } catch { panic("\(error.description)") }
}
