// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Paging

@Suite struct PageTableEntryTests {
  private let frame = Frame(number: 0x80_2345)

  @Test func `a table's entry has the bit V and its frame, nothing else`() {
    let entry = PageTableEntry(table: frame)
    #expect(entry.rawValue == 0x80_2345 << 10 | 1)
    #expect(entry.isValid && !entry.isPage && entry.protection == nil)
    #expect(entry.frame == frame)
  }

  @Test(arguments: [
    (Protection.readOnly, 0b0100_0011 as UInt64), (.readWrite, 0b1100_0111),
    (.readExecute, 0b0100_1011),
  ])
  func `a page's entry says what may be done`(
    protection: Protection, bits: UInt64
  ) {
    let entry = PageTableEntry(page: frame, protection, isDevice: false)
    #expect(entry.rawValue == 0x80_2345 << 10 | bits)
    #expect(entry.isPage)
    #expect(entry.protection == protection)
    #expect(entry.frame == frame)
  }

  @Test func `no protection is both writable and executable`() {
    for protection in [Protection.readOnly, .readWrite, .readExecute] {
      let entry = PageTableEntry(page: frame, protection, isDevice: false)
      #expect(!(entry.contains(.writable) && entry.contains(.executable)))
    }
  }

  @Test func `a device's page is marked where the hart knows the bit`() {
    let entry = PageTableEntry(page: frame, .readWrite, isDevice: true)
    #expect(entry.rawValue >> 61 == 0b010)
    #expect(entry.frame == frame)
    #expect(entry.with(.readOnly).contains(.device))
  }

  @Test func `zero means nothing`() {
    #expect(!PageTableEntry.none.isValid)
    #expect(!PageTableEntry(rawValue: 0b1110).isValid)
    #expect(!PageTableEntry(rawValue: 0b1110).isPage)
  }
}
