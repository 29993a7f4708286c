// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Random

@Suite struct ChaCha20Tests {
  @Test func `a block is that of the standard's example`() {
    // RFC 8439, section 2.3.2.
    var start = ChaCha20.Block(repeating: 0)
    let words: [UInt32] = [
      0x6170_7865, 0x3320_646E, 0x7962_2D32, 0x6B20_6574, 0x0302_0100,
      0x0706_0504, 0x0B0A_0908, 0x0F0E_0D0C, 0x1312_1110, 0x1716_1514,
      0x1B1A_1918, 0x1F1E_1D1C, 0x0000_0001, 0x0900_0000, 0x4A00_0000, 0,
    ]
    for index in start.indices { start[index] = words[index] }
    let block = ChaCha20.block(start)
    let expected: [UInt32] = [
      0xE4E7_F110, 0x1559_3BD1, 0x1FDD_0F50, 0xC471_20A3, 0xC7F4_D1C7,
      0x0368_C033, 0x9AAA_2204, 0x4E6C_D4C3, 0x4664_82D2, 0x09AA_9F07,
      0x05D7_C214, 0xA202_8BD9, 0xD19C_12B5, 0xB94E_16DE, 0xE883_D0CB,
      0x4E3C_50A2,
    ]
    #expect(block.indices.map { block[$0] } == expected)
  }
}

@Suite struct RandomGeneratorTests {
  private func numbers(_ seeds: [UInt64], _ count: Int) -> [UInt32] {
    var generator = RandomGenerator()
    for seed in seeds { generator.add(seed) }
    return (0..<count).map { _ in generator.next() }
  }

  @Test func `the same chance gives the same numbers`() {
    #expect(numbers([1, 2], 40) == numbers([1, 2], 40))
  }

  @Test func `other chance gives other numbers, in any order`() {
    let lists = [[1, 2], [2, 1], [1], [1, 2, 0], [1, 3]].map {
      numbers($0, 8)
    }
    for (index, list) in lists.enumerated() {
      #expect(!lists[..<index].contains(list))
    }
  }

  @Test func `no number comes again within a thousand`() {
    #expect(Set(numbers([7], 1000)).count == 1000)
  }

  @Test func `half of all bits are set`() {
    let ones = numbers([3], 10_000).reduce(0) { $0 + $1.nonzeroBitCount }
    // Five standard deviations of 320,000 fair coins.
    #expect(abs(ones - 160_000) < 1_415)
  }
}
