// SPDX-License-Identifier: BSD-3-Clause
//
// What a request to a disk costs, in instructions of the hart: the time in
// which only the device works is not counted. A thread of the lowest priority
// counts while nobody else runs, and what it took is subtracted.

import Block
import Boot
import Console
import Hart
import Interrupts
import Paging
import Scheduling
import Virtio

/// Counts for as long as nobody else runs.
final class Spinner: @unchecked Sendable {
  let memory: DMABuffer
  var rounds: UInt64 { memory.load64(at: 0) }
  private(set) var isStopped = false
  var cost: UInt64 = 0

  init() throws(VirtioError) {
    memory = try DMABuffer(count: 64)
    memory.clear()
  }

  @inline(never)
  func spin(_ count: UInt64) {
    var left = count
    while left > 0 && memory.load64(at: 8) == 0 {
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
  }

  func stop() { memory.store64(1, at: 8) }
}

let count: UInt64 = 1000

@inline(never)
func withSpinner(
  _ spinner: Spinner, _ body: () throws(BlockError) -> Void
) throws(BlockError) -> UInt64 {
  let (rounds, start) = (spinner.rounds, Hart.instructionsRetired)
  try body()
  let end = Hart.instructionsRetired
  return (end &- start &- (spinner.rounds &- rounds) &* spinner.cost) / count
}

func depthOne(
  _ disk: BlockDevice, _ spinner: Spinner, _ buffer: DMABuffer
) throws(BlockError) -> UInt64 {
  let request = BlockRequest(.read, BlockSegment(buffer, count: 4096))
  try disk.perform(request)
  return try withSpinner(spinner) { () throws(BlockError) in
    for round in 0..<count {
      request.sector = (round & 255) &* 8
      try disk.perform(request)
    }
  }
}

func depthMany(
  _ disk: BlockDevice, _ spinner: Spinner, _ buffer: DMABuffer,
  _ depth: Int
) throws(BlockError) -> UInt64 {
  let queue = RequestQueue(for: disk)
  var requests: [BlockRequest] = []
  for index in 0..<depth {
    let segment = BlockSegment(buffer, offset: 4096 * index, count: 4096)
    requests.append(BlockRequest(.read, sector: UInt64(index) * 8, segment))
  }
  return try withSpinner(spinner) { () throws(BlockError) in
    var left = Int(count) - depth
    for request in requests { try queue.add(request) }
    while let first = queue.wait() {
      var done: BlockRequest? = first
      while let request = done {
        if left > 0 { try queue.add(request) }
        left &-= 1
        done = queue.reap()
      }
    }
  }
}

func say(_ words: StaticString, _ figure: UInt64) {
  print("\(words): \(figure)")
}

Scheduler<StrictPriority, GuardedStacks>.run {
  do throws(VirtioError) {
    guard let device = VirtioDevices.all(ofKind: 2).first else {
      panic("there is no disk")
    }
    let disk = try VirtioBlock(device.transport, interrupts: true)
    try? Interrupts.attach(disk, to: device.interrupt ?? 0)
    let spinner = try Spinner()
    spinner.calibrate()
    guard
      let thread = try? Thread.spawn(
        "spinner", priority: 1,
        {
          spinner.spin(.max)
        })
    else { return }
    let buffer = try DMABuffer(count: 4096 * 32)
    do throws(BlockError) {
      say(
        "  read of 4 KB, depth 1, by interrupt",
        try depthOne(disk, spinner, buffer))
      say(
        "  read of 4 KB, depth 32, by interrupt",
        try depthMany(disk, spinner, buffer, 32))
      say("  interrupts", Interrupts.counts.served)
    } catch { panic("\(error.description)") }
    spinner.stop()
    try? thread.join()
  } catch { panic("\(error.description)") }
}
