// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Inspecting
@testable import Runner

extension Mapping {
  /// Pages of 4 KiB, at the same physical address if none is given.
  fileprivate init(
    _ first: UInt64, pages: UInt64, _ flags: PageFlags,
    at physical: UInt64? = nil
  ) {
    self.init(
      range: AddressRange(first: first, size: pages * 4096),
      physical: physical ?? first, pageSize: 4096, flags: flags)
  }
}

@Suite struct `An address space` {
  static let places = MemoryAreaMap(
    ImageSymbols(`The names in an image`.text).places
      + MemoryTree.places(in: `QEMU's memory tree`.text))

  private func rows(_ mappings: Mapping...) -> [String] {
    AddressSpace(mappings, in: Self.places).rows.map { row in
      "\(row.range.text(digits: 8)) \(row.flags.letters) \(row.name)"
    }
  }

  @Test func `joins pages of which the same can be said`() {
    #expect(
      rows(
        Mapping(0x8030_0000, pages: 1, [.read, .write]),
        Mapping(0x8030_1000, pages: 3, [.read, .write, .dirty])
      ).dropFirst() == ["0x80300000..<0x80304000 rw- memory"])
  }

  @Test func `keeps apart what differs`() {
    #expect(
      rows(
        Mapping(0x8030_0000, pages: 1, [.read]),
        Mapping(0x8030_1000, pages: 1, [.read, .user]),
        Mapping(0x8030_2000, pages: 1, [.read, .user], at: 0x8030_5000),
        Mapping(0x8030_3000, pages: 1, [.read, .user], at: 0x8030_6000)
      ).dropFirst() == [
        "0x80300000..<0x80301000 r-- memory",
        "0x80301000..<0x80302000 r-- memory",
        "0x80302000..<0x80304000 r-- memory",
      ])
  }

  @Test func `cuts one large page where something else begins`() {
    #expect(
      rows(Mapping(0x8020_0000, pages: 512, [.read])).dropFirst() == [
        "0x80200000..<0x8020b000 r-- code",
        "0x8020b000..<0x8020d000 r-- constants",
        "0x8020d000..<0x8020e000 r-- variables",
        "0x8020e000..<0x8020f000 r-- memory",
        "0x8020f000..<0x80210000 r-- emergency stack",
        "0x80210000..<0x80211000 r-- memory",
        "0x80211000..<0x80221000 r-- boot stack",
        "0x80221000..<0x80400000 r-- memory",
      ])
  }

  @Test func `names what lies there, not what the address says`() {
    #expect(
      rows(Mapping(0x4000_0000, pages: 1, [.read], at: 0x1000_0000)).last
        == "0x40000000..<0x40001000 r-- serial port")
  }

  @Test func `says that nothing lies where nothing answers`() {
    #expect(
      rows(Mapping(0x2000_0000, pages: 1, [.read]))[1].contains("nothing"))
  }

  @Test func `shows guard areas, and where null pointers lead`() {
    #expect(
      rows(
        Mapping(0x8020_F000, pages: 1, [.read, .write]),
        Mapping(0x8021_1000, pages: 16, [.read, .write]),
        Mapping(0x8023_1000, pages: 1, [.read, .write]),
        Mapping(0x802B_3000, pages: 1, [.read, .write])
      ) == [
        "0x00000000..<0x00001000 --- null pointers",
        "0x8020f000..<0x80210000 rw- emergency stack",
        "0x80210000..<0x80211000 --- guard area below the boot stack",
        "0x80211000..<0x80221000 rw- boot stack",
        "0x80221000..<0x80231000 --- guard area",
        "0x80231000..<0x80232000 rw- memory",
        // What is wider is no guard.
        "0x802b3000..<0x802b4000 rw- memory",
      ])
  }

  @Test func `shows page 0 where it is mapped`() {
    #expect(
      rows(Mapping(0, pages: 1, [.read]))
        == ["0x00000000..<0x00001000 r-- nothing: no device answers"])
  }

  @Test(
    arguments: [
      (0, 8), (0xFFFF_FFFF, 8), (0x20_0000_0FFF, 10), (0x80_0000_0000, 10),
      (0x100_0000_0000, 12), (.max, 16),
    ] as [(UInt64, Int)])
  func `writes addresses with as many digits as they need`(
    last: UInt64, digits: Int
  ) {
    #expect(AddressRange(first: 0, last: last).digits == digits)
  }

  @Test func `reaches the last address`() {
    let last = Mapping(
      range: AddressRange(first: .max - 0xFFF, last: .max), physical: 0,
      pageSize: 4096, flags: [.read])
    let space = AddressSpace([last], in: Self.places)
    #expect(
      space.rows.last?.range.text(digits: 16)
        == "0xfffffffffffff000..<0x10000000000000000")
  }

  @Test func `of nothing has no rows`() {
    let space = AddressSpace([], in: MemoryAreaMap([]))
    #expect(space.rows.isEmpty && space.isSound)
    #expect(
      AddressSpaceTable(space, style: .init(hasColour: false)).lines()
        .count == 1)
  }

  // MARK: - As a table and as a drawing

  static let dangerous = AddressSpace(
    [
      Mapping(0x1000_0000, pages: 2, [.read, .write, .accessed, .dirty]),
      Mapping(0x8020_0000, pages: 11, [.read, .execute, .global]),
      Mapping(0x8030_0000, pages: 1, [.read, .write, .execute]),
      Mapping(
        0xFFFF_FFC0_0000_0000, pages: 2, [.read, .write], at: 0x8040_0000),
    ], in: places)

  @Test func `is a table`() {
    let lines = AddressSpaceTable(
      Self.dangerous, style: Style(hasColour: false)
    ).lines()
    #expect(lines.count == 7)
    #expect(lines[2].hasSuffix("rw-  --ad  same        serial port"))
    #expect(lines[2].hasPrefix("0x0000000010000000..<0x0000000010001000"))
    #expect(lines[6].hasSuffix("rw-  ----  0x80400000  memory"))
  }

  @Test func `shouts where anything is writable and executable`() {
    let lines = AddressSpaceTable(
      Self.dangerous, style: Style(hasColour: false)
    ).lines()
    #expect(!Self.dangerous.isSound)
    #expect(
      lines.filter { $0.contains("!! writable and executable: memory") }.count
        == 1)
  }

  @Test(arguments: ["ch3", "<&\">\u{1}]]>", ""])
  func `is a drawing that any program can read`(title: String) {
    let map = MemoryMap(Self.dangerous, title: title, mode: "Sv39")
    let parser = XMLParser(data: Data(map.svg().utf8))
    #expect(parser.parse())
    #expect(map.svg().contains("!! writable and executable"))
    #expect(map.svg() == map.svg())
  }

  @Test func `is a drawing even when it is empty`() {
    let map = MemoryMap(
      AddressSpace([], in: MemoryAreaMap([])), title: "none", mode: "Sv39")
    #expect(XMLParser(data: Data(map.svg().utf8)).parse())
  }
}
