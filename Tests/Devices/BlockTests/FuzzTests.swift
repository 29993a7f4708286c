// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Block

/// Random work for random disks. A failure tells the seed, which gives the same
/// run again.
@Suite struct FuzzTests {
  @Test(arguments: 0..<10)
  func `an honest disk holds what was written`(part: Int) throws {
    try run(part, lies: false)
  }

  @Test(arguments: 0..<10)
  func `a disk that lies loses no request`(part: Int) throws {
    try run(part, lies: true)
  }

  private func run(_ part: Int, lies: Bool) throws {
    var (finished, failed) = (0, 0)
    for seed in UInt64(part) * 200..<UInt64(part + 1) * 200 {
      let world = FuzzWorld(seed: seed, lies: lies)
      try world.run()
      #expect(world.problems == [], "seed \(seed)")
      finished += world.finished
      failed += world.failed
    }
    #expect(finished > 2000)
    #expect(failed > 0)
  }
}
