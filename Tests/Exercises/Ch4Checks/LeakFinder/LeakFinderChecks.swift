// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_4_1
import Grading

func checkLeakFinder(_ grader: inout Grader) {
  grader.check("a block that is in use is a leak") { report in
    report.expect(leaksOf: [.allocated(0x1000, size: 40, site: 7)])
  }
  grader.check("a block that was released is none") { report in
    report.expect(leaksOf: [
      .allocated(0x1000, size: 40, site: 7), .released(0x1000),
    ])
  }
  grader.check("blocks of one site are one leak", worth: 2) { report in
    report.expect(leaksOf: [
      .allocated(0x1000, size: 40, site: 7),
      .allocated(0x2000, size: 64, site: 9),
      .allocated(0x3000, size: 100, site: 7),
      .released(0x2000), .allocated(0x4000, size: 1, site: 7),
    ])
  }
  grader.check("the site with the most bytes comes first", worth: 2) {
    report in
    report.expect(leaksOf: [
      .allocated(0x1000, size: 10, site: 1),
      .allocated(0x2000, size: 10, site: 1),
      .allocated(0x3000, size: 10, site: 1),
      .allocated(0x4000, size: 1000, site: 2),
      .allocated(0x5000, size: 30, site: 0),
    ])
  }
  grader.check("the log in the exercise's comment", worth: 2) { report in
    report.expect(leaksOf: [
      .allocated(0x1000, size: 40, site: 7),
      .allocated(0x2000, size: 64, site: 9),
      .released(0x1000), .allocated(0x1000, size: 24, site: 8),
      .released(0x2000), .released(0x2000), .released(0x3000),
    ])
  }
  grader.check("of equal sites, the lower number comes first") { report in
    report.expect(leaksOf: [
      .allocated(0x1000, size: 30, site: 0xFFFF_FFFF_8020_1234),
      .allocated(0x2000, size: 10, site: 0x8020_4000),
      .allocated(0x3000, size: 30, site: .max),
      .allocated(0x4000, size: 20, site: 0x8020_4000),
      .allocated(0x5000, size: 30, site: 0),
    ])
  }
  checkReleases(&grader)
  grader.check("as many addresses as there may be have room") { report in
    var log = HeapLog()
    for number in 0..<3 * UInt64(LeakFinder.capacity) {
      let address = 0x1000 + 0x10 * (number % UInt64(LeakFinder.capacity))
      if number >= LeakFinder.capacity { log.append(.released(address)) }
      log.append(.allocated(address, size: number, site: number % 5))
    }
    report.expect(log)
  }
  grader.check("random logs are understood", worth: 3) { report in
    var random = report.random()
    for _ in 0..<20 {
      guard report.expectRandomLog(&random) else { return }
    }
  }
  #if arch(riscv64)
    checkRealLog(&grader)
  #endif
}

private func checkReleases(_ grader: inout Grader) {
  grader.check("a second release is double, and changes nothing") { report in
    report.expect(leaksOf: [
      .allocated(0x1000, size: 40, site: 7),
      .allocated(0x2000, size: 64, site: 9),
      .released(0x1000), .released(0x1000), .released(0x1000),
    ])
  }
  grader.check("what was never handed out is unknown") { report in
    report.expect(leaksOf: [
      .released(0x1000), .allocated(0x2000, size: 64, site: 9),
      .released(0x2008), .released(0), .released(0x1000),
    ])
  }
  grader.check("an address may be used again, by another site") { report in
    report.expect(leaksOf: [
      .allocated(0x1000, size: 40, site: 7), .released(0x1000),
      .allocated(0x1000, size: 24, site: 8), .released(0x1000),
      .allocated(0x1000, size: 16, site: 7),
    ])
    report.expect(leaksOf: [
      .allocated(0x1000, size: 40, site: 7), .released(0x1000),
      .allocated(0x1000, size: 24, site: 8), .released(0x1000),
      .released(0x1000),
    ])
  }
}

extension Report {
  fileprivate mutating func expect(leaksOf events: [HeapEvent]) {
    var log = HeapLog()
    for event in events { log.append(event) }
    expect(log)
  }

  // Inlined, a finder of 2 KiB for each call would stand in one frame.
  @inline(never)
  fileprivate mutating func expect(_ log: HeapLog) {
    var finder = LeakFinder()
    for event in log.events { finder.take(event) }
    expect(finder, knows: log)
  }

  /// The finder has the log's own answers.
  @discardableResult
  mutating func expect(_ finder: LeakFinder, knows log: HeapLog) -> Bool {
    let leaks = log.leaks
    for rank in 0...leaks.count where !hasFailed {
      let expected = rank < leaks.count ? leaks[rank] : nil
      let got = finder.leak(rank)
      expect(
        got == expected, given: "\(log)",
        expected: "leak(\(rank)) is \(expected)", got: "\(got)")
    }
    expect(
      finder.doubleReleases == log.doubleReleases, given: "\(log)",
      expected: "doubleReleases is \(log.doubleReleases)",
      got: "\(finder.doubleReleases)")
    expect(
      finder.unknownReleases == log.unknownReleases, given: "\(log)",
      expected: "unknownReleases is \(log.unknownReleases)",
      got: "\(finder.unknownReleases)")
    return !hasFailed
  }

  /// Compares after every event, so that the last one is to blame.
  @inline(never)
  fileprivate mutating func expectRandomLog(
    _ random: inout SeededRandom
  ) -> Bool {
    var finder = LeakFinder()
    var log = HeapLog()
    for _ in 0..<60 {
      let address = 0x1000 + 0x10 * random.next(below: 12)
      let isFree = !log.inUse.contains { $0.address == address }
      let event =
        isFree && random.next(below: 8) > 0
        ? HeapEvent.allocated(
          address, size: 1 + random.next(below: 9),
          site: random.next(below: 4)) : .released(address)
      log.append(event)
      finder.take(event)
      guard expect(finder, knows: log) else { return false }
    }
    return true
  }
}
