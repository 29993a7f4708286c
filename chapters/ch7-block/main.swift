// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 7: a disk. Requests go to it through queues in memory; it answers by
// an interrupt, and other threads run until it does.

import Block
import Boot
import Console
import Hart
import IPC
import Interrupts
import Scheduling
import Traps
import Virtio

/// Says what a disk is like, and gives its partitions if it has any.
func describe(_ disk: BlockDevice, number: Int) -> PartitionTable? {
  let geometry = disk.geometry
  put("disk \(number): \(geometry.sectorCount) sectors, blocks of ")
  print(
    "\(geometry.blockSize) bytes\(geometry.isReadOnly ? ", read-only" : "")")
  if disk.needsPolling { print("  polled: no interrupt reaches this hart") }
  do throws(PartitionTableError) {
    let table = try PartitionTable.read(from: disk)
    for damage in table.damage { print("  \(damage)") }
    for part in table.partitions {
      let end = part.firstSector + part.geometry.sectorCount
      put("  partition \(part.number) \"\(part.name)\": ")
      print("sectors \(part.firstSector) to \(end - 1)")
    }
    return table
  } catch { print("  \(error.description)") }
  return nil
}

// MARK: - Reading

/// What the host has written into each word of the partition "pattern".
func pattern(at offset: UInt64) -> UInt64 {
  offset &* 0x9E37_79B9_7F4A_7C15 &+ 1
}

/// Reads a whole partition, with 16 requests on their way at once, and counts
/// the words that are not what the host has written.
func checkPattern(_ part: Partition, _ memory: DMABuffer) throws(BlockError) {
  let queue = RequestQueue(for: part)
  for index in 0..<16 {
    let piece = BlockSegment(memory, offset: index * 4096, count: 4096)
    try queue.add(BlockRequest(.read, sector: UInt64(index) * 8, piece))
  }
  var wrong = 0
  while let request = queue.wait() {
    if let error = request.error { throw error }
    wrong += countWrong(request)
    // Each request does every sixteenth piece.
    request.sector += 16 * 8
    if request.sector < part.geometry.sectorCount { try queue.add(request) }
  }
  print("\(part.geometry.sectorCount) sectors read, \(wrong) words are wrong")
}

func countWrong(_ request: BlockRequest) -> Int {
  guard let piece = request.segment else { return 0 }
  var wrong = 0
  for word in 0..<piece.count / 8 {
    let offset = request.sector * 512 + UInt64(word * 8)
    let value = piece.buffer.load64(at: piece.offset + word * 8)
    if value != pattern(at: offset) { wrong += 1 }
  }
  return wrong
}

// MARK: - Writing

/// Writes a line into each of eight blocks of the partition "log", and makes
/// them last. The host looks for them when the machine is off.
func writeLog(_ part: Partition, _ memory: DMABuffer) throws(BlockError) {
  let (block, line) = (part.geometry.blockSize, ByteView("line 0 of the log\n"))
  memory.clear()
  for number in 0..<8 {
    for index in line.indices { memory[number * block + index] = line[index] }
    memory[number * block + 5] = UInt8(ascii: "0") + UInt8(number)
    let piece = BlockSegment(memory, offset: number * block, count: block)
    let sector = UInt64(number) * part.geometry.sectorsPerBlock
    try part.perform(BlockRequest(.write, sector: sector, piece))
  }
  try part.flush()
  print("8 lines of the log written")
}

// MARK: - At the same time

func isPrime(_ number: UInt64) -> Bool {
  var divisor: UInt64 = 2
  while divisor * divisor <= number, number % divisor != 0 { divisor += 1 }
  return divisor * divisor > number
}

/// Writes 4 MiB, here and there, while a less urgent thread looks for primes:
/// as long as the disk works, so does the hart.
func overlap(_ part: Partition, _ memory: DMABuffer) throws(BlockError) {
  let enough = Semaphore(0, name: "enough")
  let thread = try? Thread.spawn("primes", priority: 4) {
    var (number, primes): (UInt64, Int) = (2, 0)
    while !enough.tryWait() {
      if isPrime(number) { primes += 1 }
      number += 1
    }
    return primes
  }
  let (start, served) = (Instant.now, Interrupts.counts.served)
  let request = BlockRequest(.write, BlockSegment(memory, count: 65536))
  for _ in 0..<64 {
    request.sector = UInt64.random(in: 0..<64) * 128
    try part.perform(request)
  }
  let span = Trap.clock.nanoseconds(ticks: Instant.now.ticks - start.ticks)
  let interrupts = Interrupts.counts.served - served
  print("4 MiB written, \(4_000_000_000 / span) bytes in a microsecond")
  enough.signal()
  let primes = (try? thread?.join()) ?? 0
  print("\(primes) primes found between \(interrupts) interrupts")
}

// MARK: - The program

print("Swiftkraft, chapter 7: Block drivers\n")
Scheduler<StrictPriority, GuardedStacks>.run {
  let disks = Disks.all { print("a disk fails: \($0.description)") }
  if disks.isEmpty { print("there is no disk") }
  var table: PartitionTable?
  for number in disks.indices {
    table = describe(disks[number], number: number) ?? table
  }
  guard let data = table?.partition(named: "pattern"),
    let log = table?.partition(named: "log"),
    let scratch = table?.partition(named: "scratch"),
    let memory = try? DMABuffer(count: 65536)
  else { return print("make disk-ch7 makes the disk for this program") }
  do throws(BlockError) {
    try checkPattern(data, memory)
    try writeLog(log, memory)
    try overlap(scratch, memory)
  } catch { panic("the disk fails: \(error.description)") }
  do throws(BlockError) {
    try data.read(data.geometry.sectorCount, into: memory)
  } catch { print("reading behind the end: \(error.description)") }
}
