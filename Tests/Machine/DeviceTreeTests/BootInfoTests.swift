// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import DeviceTree

/// The one pass that every boot makes.
@Suite struct SurveyTests {
  private func bootInfo(_ source: String) throws -> BootInfo {
    try DeviceTree(kept(compile(source))).bootInfo(hart: 0)
  }

  private func regions<let room: Int>(_ list: RegionList<room>) -> [Region] {
    (0..<list.count).map { list[$0] }
  }

  private func region(_ start: UInt64, _ size: UInt64) throws -> Region {
    try #require(Region(start: start, size: size))
  }

  @Test func `memory is listed in the tree's order, what is broken is not`()
    throws
  {
    let bootInfo = try bootInfo(
      """
      / { #address-cells = <1>; #size-cells = <1>;
        memory@90 { device_type = "memory"; reg = <0x90 1 0xa0 2>; };
        memory@80 { reg = <0x80 3>; device_type = "memory"; };
        memory@70 { device_type = "memory"; reg = <0x70 1>; status = "fail"; };
        memory-controller { reg = <0x60 1>; };
      };
      """)
    #expect(
      try regions(bootInfo.memory) == [
        region(0x90, 1), region(0xa0, 2), region(0x80, 3),
      ])
  }

  @Test func `what is reserved comes from both places`() throws {
    let bootInfo = try bootInfo(
      """
      /memreserve/ 0x1000 0x2000;
      / { #address-cells = <1>; #size-cells = <1>;
        reserved-memory { #address-cells = <2>; #size-cells = <1>; ranges;
          firmware@80 { reg = <1 0x80 0x10>; no-map; };
          pool { size = <0x100>; };
          old@90 { reg = <0 0x90 1>; status = "disabled"; };
        };
      };
      """)
    #expect(
      try regions(bootInfo.reserved) == [
        region(0x1000, 0x2000), region(0x1_0000_0080, 0x10),
      ])
  }

  /// Boards reserve memory for the firmware, for each of their processors, for
  /// cameras and screens.
  @Test(arguments: [1, 12, 16, 24])
  func `reserved regions are kept`(count: Int) throws {
    let bootInfo = try bootInfo(
      "/ { \(reserved(count, apart: 0x1000)) };")
    #expect(
      try regions(bootInfo.reserved)
        == (1...count).map { try region(UInt64($0) * 0x1000, 1) })
  }

  @Test func `reserved regions that touch or overlap take the room of one`()
    throws
  {
    #expect(
      try regions(bootInfo("/ { \(reserved(200, apart: 1)) };").reserved)
        == [region(1, 200)])
    // The last joins the two before it, and those the first.
    let bootInfo = try bootInfo(
      """
      /memreserve/ 0x10 0x10; /memreserve/ 0x50 0x10;
      /memreserve/ 0x30 0x10; /memreserve/ 0x28 0x30;
      /memreserve/ 0x20 0x8; / { };
      """)
    #expect(try regions(bootInfo.reserved) == [region(0x10, 0x50)])
  }

  private func reserved(_ count: Int, apart distance: Int) -> String {
    let nodes = (1...count).map {
      "r@\($0) { reg = <\($0 * distance) 1>; };"
    }
    return """
      reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;
        \(nodes.joined()) };
      """
  }

  @Test func `25 reserved regions are refused rather than forgotten`() {
    let nodes = reserved(25, apart: 2)
    let failure = #expect(throws: DeviceTreeError.self) {
      try bootInfo(
        """
        / { \(nodes) };
        """)
    }
    #expect(failure?.kind == .tooManyRegions)
  }

  @Test func `of thirteen regions of memory the first twelve are kept`()
    throws
  {
    let cells = (1...13).map { "\($0) 1" }.joined(separator: " ")
    let bootInfo = try bootInfo(
      """
      / { #address-cells = <1>; #size-cells = <1>;
        memory { device_type = "memory"; reg = <\(cells)>; }; };
      """)
    #expect(bootInfo.memory.count == 12)
    #expect(bootInfo.memory.holds(12))
    #expect(!bootInfo.memory.holds(13))
  }

  @Test func `a hart's page table entries know types with Svpbmt`() throws {
    let with = """
      / { cpus { #address-cells = <1>; #size-cells = <0>;
        cpu@0 { reg = <0>; riscv,isa = "rv64imac_svpbmt_sstc"; }; }; };
      """
    #expect(try bootInfo(with).hasMemoryTypes)
    #expect(
      try !bootInfo(with.replacing("_svpbmt", with: "")).hasMemoryTypes)
  }

  @Test func `nodes that are skipped must still end`() throws {
    var bytes = try compile("/ { soc { a-long-name { }; }; };")
    // The block shrinks by its last three tokens; it is less than 256 bytes.
    bytes[39] -= 12
    let cut = try DeviceTree(kept(bytes))
    let failure = #expect(throws: DeviceTreeError.self) {
      try cut.bootInfo(hart: 0)
    }
    #expect(failure?.kind == .endsTooEarly)
  }

  @Test func `the tree of QEMU's board tells all of it`() throws {
    let bootInfo = try tree(qemuTree(harts: 1)).bootInfo(hart: 0)
    #expect(bootInfo.frequency == 10_000_000)
    #expect(bootInfo.hasTimer)
    #expect(bootInfo.randomSeed?.count == 32)
    #expect(
      try regions(bootInfo.memory) == [region(0x8000_0000, 0x800_0000)])
  }
}
