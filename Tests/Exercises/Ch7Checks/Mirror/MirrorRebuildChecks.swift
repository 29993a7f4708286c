// SPDX-License-Identifier: BSD-3-Clause

import Block
import Console
import Exercise_7_3
import Grading

extension Report {
  mutating func expectRebuild(_ pair: Pair, _ disk: Int) {
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

  mutating func expectFailedRebuild(_ pair: Pair, _ disk: Int) {
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
