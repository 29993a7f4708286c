// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing
import Virtio

@testable import Block

@Suite(.ownHart) struct RAMDiskTests {
  private func sectors(_ fill: UInt8, _ count: Int) throws -> DMABuffer {
    try buffer(Array(repeating: fill, count: 512 * count))
  }

  private func contents(
    _ disk: BlockDevice, _ sector: UInt64, _ count: Int
  ) throws -> [UInt8] {
    let buffer = try DMABuffer(count: 512 * count)
    try disk.read(sector, into: buffer)
    return buffer.bytes
  }

  /// The first byte of each sector.
  private func marks(_ disk: BlockDevice) throws -> [UInt8] {
    let all = try contents(disk, 0, Int(disk.geometry.sectorCount))
    return stride(from: 0, to: all.count, by: 512).map { all[$0] }
  }

  @Test func `a new disk is all zeros`() throws {
    let disk = try RAMDisk(sectorCount: 3)
    #expect(
      try contents(disk, 0, 3) == Array(repeating: 0, count: 3 * 512))
  }

  @Test func `what is written is read again and nothing else`() throws {
    let disk = try RAMDisk(sectorCount: 5)
    try disk.write(1, from: sectors(7, 2))
    try disk.flush()
    #expect(try marks(disk) == [0, 7, 7, 0, 0])
  }

  @Test func `what was in the memory is on the disk`() throws {
    let disk = RAMDisk(try sectors(9, 2))
    #expect(try marks(disk) == [9, 9])
  }

  @Test func `what makes no whole block is left out`() throws {
    let memory = try DMABuffer(count: 512 * 19 + 511)
    #expect(RAMDisk(memory).geometry.sectorCount == 19)
    let disk = RAMDisk(memory, sectorsPerBlock: 8)
    #expect(disk.geometry.sectorCount == 16)
  }

  @Test(arguments: [-1, 0, 1 << 21 + 1, Int.max])
  func `there is no disk of this size`(count: Int) {
    #expect(throws: VirtioError.outOfMemory) {
      try RAMDisk(sectorCount: count)
    }
  }

  @Test func `a request's stretches of memory follow one another`() throws {
    let disk = try RAMDisk(sectorCount: 4)
    let bytes = (0..<1536).map { UInt8(truncatingIfNeeded: $0 * 7 / 5) }
    let memory = try buffer(bytes)
    let parts = [
      BlockSegment(memory, offset: 1000, count: 30),
      BlockSegment(memory, offset: 3, count: 994),
    ]
    try disk.perform(BlockRequest(.write, sector: 2, parts[0], [parts[1]]))
    let written = bytes[1000..<1030] + bytes[3..<997]
    #expect(try contents(disk, 2, 2) == Array(written))

    memory.clear()
    try disk.perform(BlockRequest(.read, sector: 2, parts[1], [parts[0]]))
    var expected = [UInt8](repeating: 0, count: 1536)
    expected.replaceSubrange(3..<997, with: written.prefix(994))
    expected.replaceSubrange(1000..<1030, with: written.suffix(30))
    #expect(memory.bytes == expected)
  }

  @Test func `discarded sectors and zeroed ones are zeros`() throws {
    let disk = RAMDisk(try sectors(9, 6))
    try disk.discard(1, sectorCount: 2)
    try disk.writeZeroes(5, sectorCount: 1)
    #expect(try marks(disk) == [9, 0, 0, 9, 9, 0])
    #expect(
      try contents(disk, 1, 2) == Array(repeating: 0, count: 1024))
  }

  @Test func `a read-only disk is only read`() throws {
    let disk = RAMDisk(try sectors(9, 2), isReadOnly: true)
    #expect(throws: BlockError.readOnly) {
      try disk.write(0, from: sectors(1, 1))
    }
    #expect(throws: BlockError.readOnly) {
      try disk.discard(0, sectorCount: 1)
    }
    #expect(throws: BlockError.readOnly) {
      try disk.writeZeroes(0, sectorCount: 1)
    }
    try disk.flush()
    #expect(try marks(disk) == [9, 9])
  }

  @Test(
    arguments: [
      ("RAM", "RAM"), ("", ""),
      ("exactly 20 letters..", "exactly 20 letters.."),
      ("more than twenty letters", "more than twenty let"),
      ("\u{1B}[2J", "?[2J"),
    ] as [(StaticString, String)])
  func `it tells its name`(name: StaticString, expected: String) throws {
    let disk = RAMDisk(try DMABuffer(count: 512), name: name)
    let answer = try disk.identify()
    let text = (0..<answer.count).map { answer[$0] }
    #expect(text == Array(expected.utf8))
  }

  @Test func `what is not on the disk is refused`() throws {
    let disk = try RAMDisk(sectorCount: 4)
    for sector: UInt64 in [3, 4, 5, 1 << 55, .max] {
      #expect(throws: BlockError.outOfRange) {
        try disk.read(sector, into: DMABuffer(count: 1024))
      }
      #expect(throws: BlockError.outOfRange) {
        try disk.discard(sector, sectorCount: 2)
      }
      // A device above may have checked it against something else.
      let request = BlockRequest(.discard, sector: 0, sectorCount: 2)
      disk.start(request, at: sector)
      #expect(request.error == .outOfRange)
    }
  }

  @Test func `requests are for whole blocks`() throws {
    let disk = RAMDisk(try DMABuffer(count: 16 * 512), sectorsPerBlock: 8)
    #expect(throws: BlockError.misaligned) {
      try disk.read(0, into: DMABuffer(count: 512))
    }
    #expect(throws: BlockError.misaligned) {
      try disk.read(4, into: DMABuffer(count: 4096))
    }
    try disk.read(8, into: DMABuffer(count: 4096))
  }

  @Test func `larger requests than its limits are refused`() throws {
    let disk = try RAMDisk(sectorCount: 4096)
    try disk.read(0, into: DMABuffer(count: 2048 * 512))
    #expect(throws: BlockError.tooLarge) {
      try disk.read(0, into: DMABuffer(count: 2049 * 512))
    }
    #expect(throws: BlockError.tooLarge) {
      try disk.discard(0, sectorCount: 2049)
    }
    let part = BlockSegment(try DMABuffer(count: 512), count: 512)
    #expect(throws: BlockError.tooLarge) {
      try disk.perform(
        BlockRequest(.read, part, Array(repeating: part, count: 64)))
    }
  }

  @Test func `a queue gets its requests back in order`() throws {
    let disk = RAMDisk(try buffer((0..<2048).map { UInt8($0 / 512) }))
    let queue = RequestQueue(for: disk)
    for sector in [2, 0, 3] as [UInt64] {
      let memory = BlockSegment(try DMABuffer(count: 512), count: 512)
      try queue.submit(BlockRequest(.read, sector: sector, memory))
    }
    var order: [UInt8] = []
    while let done = queue.wait() {
      #expect(done.error == nil)
      order.append(done.segment?.buffer[0] ?? 99)
    }
    #expect(order == [2, 0, 3])
  }

  @Test func `two thousand requests leave what they should`() throws {
    let disk = try RAMDisk(sectorCount: 32)
    var numbers = SeededNumbers(seed: 7)
    var model = [UInt8](repeating: 0, count: 32)
    for round in 0..<2000 {
      let (first, count) = (numbers.below(32), 1 + numbers.below(8))
      guard first + count <= 32 else { continue }
      let place = UInt64(first)
      var fill = UInt8(truncatingIfNeeded: round)
      switch numbers.below(4) {
      case 0:
        fill = 0
        try disk.discard(place, sectorCount: UInt64(count))
      case 1:
        fill = 0
        try disk.writeZeroes(place, sectorCount: UInt64(count))
      default: try disk.write(place, from: sectors(fill, count))
      }
      for index in first..<first + count { model[index] = fill }
      if round % 50 == 0 { #expect(try marks(disk) == model) }
    }
    #expect(try marks(disk) == model)
  }
}
