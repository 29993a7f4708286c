// SPDX-License-Identifier: BSD-3-Clause

import Block
import Console
import Exercise_7_3
import Grading

extension Report {
  mutating func expectErrors() {
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

  mutating func expectWrongRequests(_ pair: Pair) {
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

  /// Errors that both disks have before they look at the request.
  mutating func expectEarlyErrors() {
    let errors: [BlockError] = [
      .inFlight, .outOfRange, .misaligned, .tooLarge, .readOnly, .unsupported,
    ]
    for error in errors {
      withPair { report, pair in
        for disk in 0...1 {
          (pair[disk].failures, pair[disk].error) = (1, error)
        }
        report.expect(
          pair.read(1).error, is: error,
          given: "a read that no device is asked for")
        report.expectWhole(
          pair, true, given: "a read that no device is asked for")
        for disk in 0...1 { pair[disk].failures = 1 }
        report.expect(
          pair.write(1, 5), is: error,
          given: "a write that no device is asked for")
        report.expectWhole(
          pair, true, given: "a write that no device is asked for")
      }
    }
  }

  mutating func expectLateErrors(_ pair: Pair, _ disk: Int) {
    let errors: [BlockError] = [.failed, .timedOut, .broken, .outOfMemory]
    for (number, error) in errors.enumerated() where !hasFailed {
      let value = UInt8(number + 20)
      _ = pair.write(7, value - 1)
      (pair[disk].failures, pair[disk].error) = (1, error)
      expect(
        pair.write(7, value), is: nil,
        given: "a write; one disk fails it by each of the later errors")
      expect(
        !pair.mirror.isWhole,
        given: "one disk has failed a write by \(error: error)",
        expected: "isWhole is false", got: "true")
      for _ in 0..<3 {
        expectRead(
          pair, 7, value, given: "a sector that one disk failed to write")
      }
      expect(pair.rebuild(), is: nil, given: "rebuild(); both work again")
    }
  }
}
