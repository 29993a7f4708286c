// SPDX-License-Identifier: BSD-3-Clause

import TestSupport
import Testing

@testable import Paging

@Suite struct FrameBitsTests {
  /// The same question, frame by frame.
  private func firstRun(_ free: [Bool], order: Int) -> Int? {
    let size = 1 << order
    return stride(from: 0, to: 512, by: size).first { start in
      free[start..<start + size].allSatisfy { $0 }
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `runs are found as if frame by frame`(seed: UInt64) {
    var random = SeededNumbers(seed: seed)
    var bits = FrameBits()
    var free = [Bool](repeating: false, count: 512)
    for step in 0..<2000 {
      let low = Int(random.word(below: 512))
      let size = random.word(below: 3) == 0 ? 300 : 20
      let high = min(512, low + Int(random.word(below: UInt64(size))))
      let isFree = random.word(below: 3) != 0
      bits.set(low..<high, free: isFree)
      for index in low..<high { free[index] = isFree }
      for order in 0...9 {
        #expect(
          bits.firstRun(order: order) == firstRun(free, order: order),
          "seed \(seed), step \(step), order \(order)")
      }
      let largest = (0...9).last { firstRun(free, order: $0) != nil }
      #expect(bits.largestOrder == largest)
      let all = free[low..<high].allSatisfy { $0 }
      #expect(bits.areFree(low..<high) == all)
      #expect(bits.isAnyFree(low..<high) == free[low..<high].contains(true))
    }
  }

  @Test func `a megapage that is free from end to end is one run`() {
    var bits = FrameBits()
    #expect(bits.largestOrder == nil)
    bits.set(0..<512, free: true)
    #expect(bits.largestOrder == 9)
    #expect(bits.firstRun(order: 9) == 0)
  }
}
