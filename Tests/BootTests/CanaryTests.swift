// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Boot

@Suite struct CanaryTests {
  @Test func `its first byte in memory is zero`() {
    for time: UInt64 in [0, 1, .max] {
      #expect(Canary.value(seed: nil, time: time) & 0xFF == 0)
    }
  }

  @Test func `every byte of the seed and the time change it`() {
    let plain = Canary.value(seed: ByteView("0123"), time: 7)
    for other: StaticString in ["1123", "0223", "0133", "0124", "012"] {
      #expect(Canary.value(seed: ByteView(other), time: 7) != plain)
    }
    #expect(Canary.value(seed: ByteView("0123"), time: 8) != plain)
  }

  @Test func `without a seed the time alone changes it`() {
    let values = Set((0..<1000).map { Canary.value(seed: nil, time: $0) })
    #expect(values.count == 1000)
  }
}
