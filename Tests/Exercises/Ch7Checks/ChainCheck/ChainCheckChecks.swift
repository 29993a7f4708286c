// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_7_1
import Grading

private let next = Descriptor.hasNext
private let writable = Descriptor.isWritable
private let indirect = Descriptor.isTable

/// The chain from the exercise's comment.
private func onPaper() -> [Descriptor] {
  [
    make(4096, next | writable, next: 2), make(512, next, next: 0),
    make(1, writable, next: 3), make(16, next, next: 1), make(512, 0),
  ]
}

private func make(
  _ length: UInt32, _ flags: UInt16, next: UInt16 = 0
) -> Descriptor {
  Descriptor(address: 0x8000_0000, length: length, flags: flags, next: next)
}

func checkChainCheck(_ grader: inout Grader) {
  grader.check("the chain on paper") { report in
    report.expect(
      onPaper(), from: 3, holds: (528, 4097, 4), "the chain on paper")
  }
  grader.check("a chain ends where the flag NEXT is missing") { report in
    report.expect(
      [make(7, 0, next: 1), make(9, 0)], from: 0, holds: (7, 0, 1),
      "number 0 without NEXT, its field next is 1")
    report.expect(
      [make(7, writable, next: 9), make(9, 0)], from: 0, holds: (0, 7, 1),
      "number 0 with WRITE only, its field next is 9")
    report.expect(
      [make(7, 0), make(9, next), make(5, 0)], from: 1, holds: (16, 0, 2),
      "number 1 with NEXT, its field next is 0")
  }
  grader.check("a number that the table does not have") { report in
    let table = onPaper()
    report.expect(
      table, from: 2, holds: (0, 1, 1),
      "the table on paper, the driver gives you number 2")
    report.expect(
      table, from: 5, throws: .noSuchDescriptor,
      "a table of 5, the driver gives you number 5")
    report.expect(
      table, from: 0xFFFF, throws: .noSuchDescriptor,
      "a table of 5, the driver gives you number 65535")
    report.expect(
      [make(1, next, next: 2), make(1, 0)], from: 0,
      throws: .noSuchDescriptor, "a table of 2, number 0 leads to number 2")
    report.expect(
      [], from: 0, throws: .noSuchDescriptor, "a table of no descriptors")
  }
  grader.check("a chain that goes round in a loop", worth: 3) { report in
    report.expectLoops()
  }
  grader.check("a descriptor without bytes") { report in
    report.expect(
      [make(1, 0), make(0, 0)], from: 0, holds: (1, 0, 1),
      "number 0 of 1 byte, and number 1, of no bytes, not in the chain")
    report.expect(
      [make(0, 0)], from: 0, throws: .empty, "one descriptor of 0 bytes")
    var table = onPaper()
    table[2].length = 0
    report.expect(
      table, from: 3, throws: .empty,
      "the chain on paper, but number 2 has 0 bytes")
  }
  grader.check("readable memory comes before writable memory") { report in
    var table = onPaper()
    table[1].flags |= writable
    report.expect(
      table, from: 3, holds: (16, 4609, 4),
      "the chain on paper, but number 1 has WRITE")
    table[0].flags = next
    report.expect(
      table, from: 3, throws: .readableAfterWritable,
      "the chain on paper, but number 1 has WRITE, and 0 has not")
    report.expectReadableTable()
  }
  grader.check("a descriptor that leads to a table", worth: 2) { report in
    report.expectTables()
  }
  grader.check("bytes are counted beyond 32 bits") { report in
    report.expectSums()
  }
  grader.check("the first thing that is wrong is told") { report in
    report.expectFirstErrors()
  }
  grader.check("random tables agree with a slow and careful walk", worth: 4) {
    report in
    var random = report.random()
    for _ in 0..<500 where !report.hasFailed {
      report.expectRandomChain(&random)
    }
  }
}

// MARK: - Groups of cases

extension Report {
  fileprivate mutating func expectLoops() {
    expect(
      [make(1, next, next: 0)], from: 0, throws: .loop,
      "number 0 leads to itself")
    var table = onPaper()
    table[2].flags |= next
    table[3].flags |= writable
    table[1].flags |= writable
    expect(
      table, from: 3, throws: .loop,
      "four descriptors with WRITE in a ring")
    // All of a table in one chain is no loop.
    var long: [Descriptor] = []
    for number in 1...256 {
      long.append(make(2, number < 256 ? next : 0, next: UInt16(number)))
    }
    expect(
      long, from: 0, holds: (512, 0, 256),
      "a table of 256 descriptors, all in one chain")
  }

  /// The question of the exercise's comment: number 2 leads back to 3, which
  /// the device can read. That is wrong before the chain is too long; but a
  /// walk that notes where it was may call it a loop.
  fileprivate mutating func expectReadableTable() {
    var table = onPaper()
    table[2].flags |= next
    do throws(ChainError) {
      _ = try checkChain(from: 3, in: table)
      expect(
        false, given: "the chain on paper, but number 2 has NEXT, too",
        expected: "the error readableAfterWritable", got: "no error")
    } catch {
      expect(
        error == .readableAfterWritable || error == .loop,
        given: "the chain on paper, but number 2 has NEXT, too",
        expected: "the error readableAfterWritable",
        got: "the error \(error.name)")
    }
  }

  fileprivate mutating func expectSums() {
    expect(
      [
        make(.max, next, next: 1), make(.max, next, next: 2),
        make(.max, next | writable, next: 3), make(.max, writable),
      ], from: 0, holds: (8_589_934_590, 8_589_934_590, 4),
      "four descriptors of 2^32 - 1 bytes each")
  }

  /// What stands first in ``ChainError`` counts.
  fileprivate mutating func expectFirstErrors() {
    expect(
      [make(5, writable | next, next: 1), make(0, 0)], from: 0,
      throws: .empty,
      "a readable descriptor without bytes after a writable one")
    expect(
      [make(5, writable | next, next: 1), make(6, indirect | next)], from: 0,
      throws: .tableWithNext,
      "INDIRECT and NEXT after a writable descriptor")
    expect(
      [
        make(5, writable | next, next: 1), make(6, next, next: 7),
        make(7, 0),
      ], from: 0, throws: .readableAfterWritable,
      "a readable descriptor after a writable one, which leads to number 7")
  }

  fileprivate mutating func expectTables() {
    expect(
      [make(64, indirect, next: 5), make(9, 0)], from: 0, holds: (0, 0, 1),
      "one descriptor with INDIRECT")
    expect(
      [make(64, indirect | writable), make(9, 0)], from: 0, holds: (0, 0, 1),
      "one descriptor with INDIRECT and WRITE")
    expect(
      [
        make(8, next, next: 1), make(9, next | writable, next: 2),
        make(64, indirect), make(9, 0),
      ], from: 0, holds: (8, 9, 3),
      "8 bytes to read, 9 to write, then a descriptor with INDIRECT")
    expect(
      [make(8, 0), make(64, indirect | next)], from: 1,
      throws: .tableWithNext, "number 1 with INDIRECT and NEXT")
    expect(
      [make(8, 0), make(0, indirect | next)], from: 1,
      throws: .empty, "INDIRECT and NEXT, and no bytes")
  }
}
