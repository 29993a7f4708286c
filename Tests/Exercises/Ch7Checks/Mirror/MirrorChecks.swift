// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_7_3
  import Block
  import Console
  import Exercise_7_3
  import Grading

  func checkMirror(_ grader: inout Grader) {
    grader.check("both disks hold what is written") { report in
      report.withPair { $0.expectBothWritten($1) }
    }
    grader.check("one disk fails a read, and the other answers") { report in
      report.eachDisk { report, pair, disk in
        report.expectFailedRead(pair, disk)
      }
    }
    grader.check("a disk that has missed a write is not read again") {
      report in
      report.eachDisk { report, pair, disk in
        report.expectNothingStale(pair, disk)
      }
    }
    grader.check("if both fail, the error is passed on") { report in
      report.expectErrors()
    }
    grader.check("a wrong request is not the fault of a disk") { report in
      report.withPair { $0.expectWrongRequests($1) }
    }
    grader.check("a flush reaches both disks, and may fail") { report in
      report.withPair { $0.expectFlush($1) }
    }
    grader.check("a rebuilt disk holds everything") { report in
      report.eachDisk { report, pair, disk in
        report.expectRebuild(pair, disk)
      }
    }
    grader.check("a rebuild that ends half-way changes nothing") { report in
      report.eachDisk { report, pair, disk in
        report.expectFailedRebuild(pair, disk)
      }
    }
    grader.check("disks that fail at random: a model agrees") { report in
      var random = report.random()
      for _ in 0..<40 where !report.hasFailed {
        report.withPair { $0.expectModel($1, &random) }
      }
    }
  }

  extension Report {
    /// Once for each disk of a new pair.
    fileprivate mutating func eachDisk(
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

    fileprivate mutating func expectErrors() {
      eachDisk { report, pair, disk in
        _ = pair.write(2, 7)
        pair[disk].failures = 1
        _ = pair.write(2, 8)
        let other = pair[1 - disk]
        (other.failures, other.error) = (1, .timedOut)
        report.expect(
          pair.read(2).error, is: .timedOut,
          given: "one disk is left out; the other fails a read by timedOut")
        report.expectRead(
          pair, 2, 8, given: "the last disk has failed once, and works again")
        (other.failures, other.error) = (1, .broken)
        report.expect(
          pair.write(2, 9), is: .broken,
          given: "one disk is left out; the other fails a write by broken")
        report.expect(
          pair.write(2, 9), is: nil,
          given: "the last disk has failed once, and works again")
        report.expectRead(
          pair, 2, 9, given: "the last disk has failed once, and works again")
      }
      withPair { report, pair in
        (pair.first.failures, pair.second.failures) = (1, 1)
        report.expect(
          pair.write(2, 9), is: .failed, given: "both disks fail a write")
        report.expect(
          pair.write(2, 9), is: nil,
          given: "both disks have failed a write, and work again")
        report.expectRead(
          pair, 2, 9, given: "both disks have failed a write, and work again")
      }
    }

    fileprivate mutating func expectWrongRequests(_ pair: Pair) {
      let end = UInt64(FaultyDisk.sectorCount)
      expect(
        pair.read(end).error, is: .outOfRange,
        given: "a read of a sector behind the last one")
      expectWhole(
        pair, true, given: "a sector behind the last one was to be read")
      expect(
        pair.write(end, 1), is: .outOfRange,
        given: "a write to a sector behind the last one")
      expectWhole(
        pair, true, given: "a sector behind the last one was to be written")
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

    fileprivate mutating func expectRebuild(_ pair: Pair, _ disk: Int) {
      for sector in 0..<UInt64(FaultyDisk.sectorCount) {
        _ = pair.write(sector, UInt8(sector + 10))
      }
      pair[disk].failures = 1
      for sector in 0..<UInt64(FaultyDisk.sectorCount) where sector % 3 > 0 {
        _ = pair.write(sector, UInt8(sector + 50))
      }
      expect(
        pair.rebuild(), is: nil, given: "a disk was left out, and works again")
      expectWhole(pair, true, given: "rebuild() has returned")
      for sector in 0..<FaultyDisk.sectorCount {
        let (old, new) = (pair[1 - disk][sector], pair[disk][sector])
        expect(
          old == new, given: "the \(name(of: disk)) disk was rebuilt",
          expected: "\(Int(old)) in sector \(sector), as on the other disk",
          got: new == FaultyDisk.garbage
            ? "what a failed request has left there" : "\(Int(new))")
      }
      // Now the other one may fail.
      pair[1 - disk].failures = 1000
      expectRead(
        pair, 4, 54, given: "one disk was rebuilt; now the other one fails")
    }

    fileprivate mutating func expectFailedRebuild(_ pair: Pair, _ disk: Int) {
      _ = pair.write(9, 1)
      pair[disk].failures = 1
      _ = pair.write(9, 2)
      // First the old disk fails half-way, then the new one.
      for failing in [1 - disk, disk] {
        pair[failing].badSector = 12
        let error = pair.rebuild()
        pair[failing].badSector = nil
        expect(
          error, is: .failed,
          given: failing == disk
            ? "rebuild(); the disk that was left out fails to write sector 12"
            : "rebuild(); the disk in use fails to read sector 12")
        expectWhole(pair, false, given: "rebuild() has failed half-way")
        for _ in 0..<3 {
          expectRead(
            pair, 9, 2,
            given: "one disk missed a write; rebuild() has failed half-way")
        }
      }
      expect(pair.rebuild(), is: nil, given: "rebuild() again; both work")
      expectWhole(pair, true, given: "the second rebuild() has succeeded")
    }
  }
#endif
