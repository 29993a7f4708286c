// SPDX-License-Identifier: BSD-3-Clause

import Allocation
import Console
import Exercise_4_3
import Grading
import Hart

func checkFirstFit(_ grader: inout Grader) {
  grader.check("blocks of any size lie apart, inside the memory") { report in
    var test = FirstFitTest(64 << 10)
    for size in 0..<UInt64(200) { report.allocate(size, from: &test) }
    report.releaseAll(of: &test)
    report.expectNoDamage(test)
  }
  grader.check("new memory is not touched but for a few words") { report in
    let test = FirstFitTest(64 << 10)
    let count = test.arena.touchedWords
    report.expect(
      count <= 8, given: "\(test), just added",
      expected: "at most 8 words written", got: "\(count)")
    report.expectNoDamage(test)
  }
  checkSearch(&grader)
  checkMerging(&grader)
  grader.check("alignments are kept, and no gap is lost") { report in
    for alignment in [32, 64, 1024, 4096, 16_384] as [UInt64] {
      var test = FirstFitTest(64 << 10)
      report.allocate(40, from: &test)
      for size in [1, 100, 500] as [UInt64] {
        report.allocate(size, alignment: alignment, from: &test)
        report.allocate(16, from: &test)
      }
      report.releaseAll(of: &test)
      report.expectOnePiece(&test)
    }
  }
  checkLimits(&grader)
  grader.check("memory that comes later is used, and merged") { report in
    report.expectAddedMemory()
  }
  grader.check("the statistics are told of every call") { report in
    report.expectTally()
  }
  grader.check(
    "random calls: blocks apart, contents kept, lowest first", worth: 3
  ) { report in
    var random = report.random()
    for _ in 0..<10 {
      guard report.expectRandomBlocks(&random) else { return }
    }
  }
  #if arch(riscv64)
    checkFirstFitHeap(&grader)
  #endif
}

private func checkSearch(_ grader: inout Grader) {
  grader.check("the lowest free block with room is taken", worth: 3) {
    report in
    // Holes of 64, 400, 160 and 400 bytes.
    var test = FirstFitTest(8 << 10)
    let holes = report.makeHoles([64, 400, 160, 400], in: &test)
    report.expect(100, from: &test, at: holes[1], "the first with room")
    report.expect(400, from: &test, at: holes[3], "the only one left")
    report.expect(64, from: &test, at: holes[0], "a perfect fit")
  }
  grader.check("what is left of a block can be had, too", worth: 3) {
    report in
    var test = FirstFitTest(8 << 10)
    let holes = report.makeHoles([64, 400, 96], in: &test)
    report.expect(100, from: &test, at: holes[1], "the first with room")
    guard let second = report.allocate(200, from: &test) else { return }
    report.expect(
      second > holes[1] + 100 && second + 200 <= holes[1] + 400,
      given: "\(test); a hole of 400 bytes at \(hex: holes[1])",
      expected: "room for 100 and then 200 bytes in it",
      got: "\(hex: second)")
    report.expectNothingWasted()
  }
}

private func checkMerging(_ grader: inout Grader) {
  grader.check("a block is merged with the free one behind it", worth: 3) {
    report in
    report.expectMerging([1, 0])
  }
  grader.check("a block is merged with the free one before it", worth: 5) {
    report in
    report.expectMerging([0, 1])
  }
  grader.check("three blocks are merged in any order", worth: 5) {
    report in
    for order in [
      [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0],
    ] { report.expectMerging(order) }
  }
}

private func checkLimits(_ grader: inout Grader) {
  grader.check("huge requests are refused, and change nothing") { report in
    var test = FirstFitTest(64 << 10)
    let none = FirstFit().statistics
    report.expect(
      none.bytesFree == 0, given: "an allocator without memory",
      expected: "0 bytes free", got: "\(none.bytesFree)")
    report.allocate(40, from: &test)
    for size in [65_536, 1 << 30, AllocationRequest.limit, .max] as [UInt64] {
      for alignment in [1, 16, 1 << 35] as [UInt64] {
        report.expectRefusal(size, alignment, &test)
      }
    }
    report.expectRefusal(1, 1 << 35, &test)
    report.releaseAll(of: &test)
    report.expectOnePiece(&test)
  }
  grader.check("a full memory refuses, and loses nothing") { report in
    for size in [1, 48, 500] as [UInt64] {
      var test = FirstFitTest(16 << 10)
      let first = report.fill(&test, with: size)
      report.releaseAll(of: &test)
      report.expectOnePiece(&test)
      let second = report.fill(&test, with: size)
      report.expect(
        first == second,
        given: "\(test), filled with blocks of \(size) bytes, emptied",
        expected: "room for \(first) blocks again", got: "\(second)")
    }
  }
}
