// SPDX-License-Identifier: BSD-3-Clause

import Block
import Console
import Exercise_7_3
import Grading

func checkMirror(_ grader: inout Grader) {
  grader.check("both disks hold what is written") { report in
    report.withPair { $0.expectBothWritten($1) }
  }
  grader.check("one disk fails a read, and the other answers", worth: 2) {
    report in
    report.eachDisk { report, pair, disk in
      report.expectFailedRead(pair, disk)
    }
  }
  grader.check("a disk that has missed a write is not read again", worth: 2) {
    report in
    report.eachDisk { report, pair, disk in
      report.expectNothingStale(pair, disk)
    }
  }
  grader.check("if both fail, the error is passed on") { report in
    report.expectErrors()
  }
  grader.check("a wrong request is not the fault of a disk", worth: 2) {
    report in
    report.withPair { $0.expectWrongRequests($1) }
    report.expectEarlyErrors()
  }
  grader.check("whatever is found later is the failure of a disk", worth: 2) {
    report in
    report.eachDisk { report, pair, disk in
      report.expectLateErrors(pair, disk)
    }
  }
  grader.check("no disk is asked more often than it must be") { report in
    report.withPair { $0.expectFewRequests($1) }
  }
  grader.check("a flush reaches both disks, and may fail") { report in
    report.withPair { $0.expectFlush($1) }
  }
  grader.check("a rebuilt disk holds everything", worth: 3) { report in
    report.eachDisk { report, pair, disk in
      report.expectRebuild(pair, disk)
    }
  }
  grader.check("a rebuild that ends half-way changes nothing", worth: 8) {
    report in
    report.eachDisk { report, pair, disk in
      report.expectFailedRebuild(pair, disk)
    }
  }
  grader.check("disks that fail at random: a model agrees", worth: 6) {
    report in
    var random = report.random()
    for _ in 0..<40 where !report.hasFailed {
      report.withPair { $0.expectModel($1, &random) }
    }
  }
}

extension Report {
  /// Once for each disk of a new pair.
  mutating func eachDisk(
    _ body: (inout Report, Pair, Int) -> Void
  ) {
    for disk in 0...1 {
      withPair { report, pair in body(&report, pair, disk) }
    }
  }

  fileprivate mutating func expectBothWritten(_ pair: Pair) {
    for sector in 0..<UInt64(FaultyDisk.sectorCount) {
      let error = pair.write(sector, UInt8(sector + 1))
      expect(error, is: nil, given: "a write; both disks work")
      expectRead(
        pair, sector, UInt8(sector + 1),
        given: "a sector is written and read; both disks work")
      for disk in 0...1 {
        expect(
          pair[disk][Int(sector)] == UInt8(sector + 1),
          given: "a write to sector \(sector); both disks work",
          expected: "the new data on both disks",
          got: "the \(name(of: disk)) disk does not have it")
      }
    }
    expectWhole(pair, true, given: "no disk has failed")
  }

  fileprivate mutating func expectFailedRead(_ pair: Pair, _ disk: Int) {
    _ = pair.write(3, 42)
    pair[disk].failures = 1000
    // A mirror may read from any of them.
    for _ in 0..<4 {
      expectRead(
        pair, 3, 42,
        given: "sector 3 is written; then one disk fails all its requests")
    }
    let error = pair.write(3, 43)
    expect(error, is: nil, given: "a write; one of the disks fails it")
    expectRead(
      pair, 3, 43, given: "one disk has failed; sector 3 is written again")
    expectWhole(pair, false, given: "a disk has failed")
  }

  fileprivate mutating func expectNothingStale(_ pair: Pair, _ disk: Int) {
    _ = pair.write(5, 1)
    pair[disk].failures = 1
    let error = pair.write(5, 2)
    expect(error, is: nil, given: "a write; one of the disks fails it")
    let before = pair[disk].requests
    for _ in 0..<4 {
      expectRead(
        pair, 5, 2, given: "sector 5 held 1; one disk fails to write 2")
    }
    _ = pair.write(6, 3)
    expectRead(
      pair, 6, 3, given: "after that, 3 is written to sector 6, and read")
    _ = pair.flush()
    expect(
      pair[disk].requests == before,
      given: "the \(name(of: disk)) disk has failed a write",
      expected: "no request for it until it is rebuilt",
      got: "\(pair[disk].requests - before) requests")
  }

  fileprivate mutating func expectFewRequests(_ pair: Pair) {
    let (first, second) = (pair.first, pair.second)
    for count in 1...3 {
      _ = pair.write(4, UInt8(count))
      _ = pair.read(4)
      _ = pair.flush()
      expect(
        first.writes == count && second.writes == count
          && first.flushes == count && second.flushes == count
          && first.reads + second.reads == count,
        given: "\(count) times a write, a read and a flush; both disks work",
        expected: "each disk to write and flush, one of them to read",
        got: """
          \(first.writes) and \(second.writes) writes, \(first.flushes) and \
          \(second.flushes) flushes, \(first.reads) and \(second.reads) reads
          """)
    }
    let before = first.requests + second.requests
    expect(
      pair.rebuild(), is: nil, given: "rebuild(); both disks are in use")
    expect(
      first.requests + second.requests == before,
      given: "rebuild(); both disks are in use", expected: "no request",
      got: "\(first.requests + second.requests - before) requests")
  }

  fileprivate mutating func expectFlush(_ pair: Pair) {
    expect(pair.flush(), is: nil, given: "a flush; both disks work")
    for disk in 0...1 {
      expect(
        pair[disk].flushes > 0, given: "a flush; both disks work",
        expected: "both disks flushed",
        got: "the \(name(of: disk)) disk was not asked to")
    }
    pair.second.failures = 1
    expect(pair.flush(), is: nil, given: "a flush; the second disk fails it")
    expectWhole(pair, false, given: "the second disk has failed a flush")
    pair.first.failures = 1
    expect(
      pair.flush(), is: .failed,
      given: "the second disk is left out; the first fails a flush")
  }
}
