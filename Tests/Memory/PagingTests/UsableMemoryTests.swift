// SPDX-License-Identifier: BSD-3-Clause

import DeviceTree
import Hart
import Testing

@testable import Paging

@Suite struct UsableMemoryTests {
  private func usable(
    _ bootInfo: BootInfo, image: Range<UInt64> = 0..<0,
    tree: Range<UInt64> = 0..<0
  ) -> [Range<UInt64>]? {
    var all = AddressRanges(in: SimulatedMemory(), at: 0x1000)
    let fits = all.insertUsable(
      bootInfo, image: image, tree: tree, below: Sv39.lowerHalfEnd)
    return fits ? all.list : nil
  }

  private func bootInfo(
    _ memory: [Range<UInt64>], reserved: [Range<UInt64>] = []
  ) throws -> BootInfo {
    var bootInfo = BootInfo()
    for range in memory {
      _ = bootInfo.memory.append(
        try #require(
          Region(start: range.lowerBound, size: UInt64(range.count))))
    }
    for range in reserved {
      _ = bootInfo.reserved.append(
        try #require(
          Region(start: range.lowerBound, size: UInt64(range.count))))
    }
    return bootInfo
  }

  @Test func `what is reserved or taken is not usable`() throws {
    let all = usable(
      try bootInfo(
        [0x8000_0000..<0x8800_0000], reserved: [0x8000_0000..<0x8008_0000]),
      image: 0x8020_0000..<0x8021_0800, tree: 0x87E0_0123..<0x87E0_2000)
    #expect(
      all == [
        0x8008_0000..<0x8020_0000, 0x8021_1000..<0x87E0_0000,
        0x87E0_2000..<0x8800_0000,
      ])
  }

  @Test func `reserved regions may overlap, and reach outside`() throws {
    let all = usable(
      try bootInfo(
        [0x1000_0000..<0x1001_0000],
        reserved: [
          0x0FFF_0000..<0x1000_1000, 0x1000_0800..<0x1000_2800,
          0x1000_F000..<0x2000_0000,
        ]))
    #expect(all == [0x1000_3000..<0x1000_F000])
  }

  @Test func `the first frame and what lies too high are not usable`() throws {
    let all = usable(
      try bootInfo([0..<0x4000, Sv39.lowerHalfEnd - 0x2000..<1 << 45]))
    #expect(
      all == [0x1000..<0x4000, Sv39.lowerHalfEnd - 0x2000..<Sv39.lowerHalfEnd])
  }

  @Test func `no memory is nothing usable`() throws {
    #expect(usable(BootInfo()) == [])
  }
}
