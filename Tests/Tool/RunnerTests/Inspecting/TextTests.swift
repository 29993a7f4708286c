// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Inspecting
@testable import Runner

@Suite struct `QEMU's memory tree` {
  static let text = """
    FlatView #0\r
     AS "gpex-root", root: bus master container\r
     Root memory region: (none)\r
      0000000000000000-ffffffffffffffff (prio 0, i/o): not the hart's\r
    \r
    FlatView #1\r
     AS "memory", root: system\r
     AS "cpu-memory-0", root: system\r
     Root memory region: system\r
      0000000000001000-000000000000ffff (prio 0, rom): riscv_virt_board.mrom\r
      0000000000100000-0000000000100fff (prio 0, i/o): riscv.sifive.test\r
      0000000010000000-0000000010000007 (prio 0, i/o): serial\r
      0000000010001000-00000000100011ff (prio 0, i/o): virtio-mmio\r
      0000000040000000-000000007fffffff (prio -1, i/o): new @0000000040000000\r
      0000000080000000-0000000087ffffff (prio 0, ram): riscv_virt_board.ram\r
    \r
    FlatView #2\r
     AS "I/O", root: io\r
      0000000000000000-000000000000ffff (prio 0, i/o): io\r
    """

  @Test func `gives names to what the hart sees`() {
    let places = MemoryTree.places(in: Self.text)
    #expect(
      places.map(\.name) == [
        "boot ROM", "power device (sifive_test)", "serial port",
        "virtio slots", "new", "memory",
      ])
    #expect(
      places.map { $0.kind == .device } == [
        false, true, true, true, true, false,
      ])
    #expect(
      places.last?.range
        == AddressRange(
          first: 0x8000_0000, size: 128 << 20))
  }

  @Test(arguments: [
    "", "\n\n", "FlatView", "AS \"cpu-memory-0\"",
    "  0000000000001000-000000000000ffff (prio 0, ram): before any heading",
    " AS \"cpu-memory-0\"\n  0000000000000002-0000000000000001 (prio 0, ram): x",
    " AS \"cpu-memory-0\"\n  000000000000000g-0000000000000001 (prio 0, ram): x",
    " AS \"cpu-memory-0\"\n  0000000000000000-0000000000000001 (prio 0, ram):",
    " AS \"cpu-memory-0\"\n  0-1 (prio 0, ram): x",
    "unknown command: 'info mtree -f'",
  ])
  func `skips what has another form`(text: String) {
    #expect(MemoryTree.places(in: text).isEmpty)
  }

  @Test func `may be cut off anywhere`() {
    for end in Self.text.indices {
      let places = MemoryTree.places(in: String(Self.text[..<end]))
      #expect(places.count <= 6)
    }
  }
}

@Suite struct `The names in an image` {
  static let text = """
    0000000080200000 T _start
    000000008020a52c T image_text_end
    000000008020b000 D image_constants_start
    000000008020d000 D image_data_start
    000000008020e000 B image_stacks_start
    000000008020f000 B emergency_stack_low
    0000000080210000 B emergency_stack_high
    0000000080211000 B boot_stack_low
    0000000080221000 B boot_stack_high

    """

  @Test func `tell its parts, in whole pages`() {
    let places = ImageSymbols(Self.text).places
    #expect(
      places.map { "\($0.range.text(digits: 8)) \($0.name)" } == [
        "0x80200000..<0x8020b000 code",
        "0x8020b000..<0x8020d000 constants",
        "0x8020d000..<0x8020e000 variables",
        "0x8020f000..<0x80210000 emergency stack",
        "0x80211000..<0x80221000 boot stack",
      ])
  }

  @Test(arguments: [
    "", "no symbols", "_start", "xyz T _start\n80300000 T image_text_end",
    "80300000 T _start\n80200000 T image_text_end",
    "80300000 T _start\n80300000 T image_text_end",
    "fffffffffffffffff T _start\n0 T image_text_end",
  ])
  func `name nothing where they are missing or odd`(text: String) {
    #expect(ImageSymbols(text).places.isEmpty)
  }
}

@Suite struct `A debugger's packet` {
  @Test func `carries the sum of its bytes`() {
    #expect(DebuggerPacket.encode("m0,8") == Data("$m0,8#01".utf8))
    #expect(DebuggerPacket.encode("") == Data("$#00".utf8))
  }

  @Test func `is found whole or not at all`() {
    let whole = Data("+$T05thread:01;#07+$OK#9a".utf8)
    for end in whole.indices {
      var bytes = whole[..<end]
      let first = DebuggerPacket.decode(&bytes)
      #expect(first == (end < 18 ? nil : "T05thread:01;"))
    }
    var bytes = whole
    #expect(DebuggerPacket.decode(&bytes) == "T05thread:01;")
    #expect(DebuggerPacket.decode(&bytes) == "OK")
    #expect(DebuggerPacket.decode(&bytes) == nil)
  }

  @Test(arguments: ["$OK#00", "$OK#zz", "$$$$", "#9a", "", "$OK#9"])
  func `is none if anything is wrong with it`(text: String) {
    var bytes = Data(text.utf8)
    #expect(DebuggerPacket.decode(&bytes) == nil)
  }

  @Test func `holds bytes as pairs of digits`() {
    #expect(HexBytes.encode("info\n") == "696e666f0a")
    #expect(HexBytes.decode("0aFf") == [10, 255])
    for odd in ["0", "0g", "é", "+1"] { #expect(HexBytes.decode(odd) == nil) }
  }
}

@Suite struct `A number of bytes` {
  @Test(
    arguments: [
      (8, "8 B"), (4096, "4 KiB"), (2 << 20, "2 MiB"), (1 << 30, "1 GiB"),
      (2024 << 10, "2024 KiB"), (1536 << 10, "1.5 MiB"),
      (127 << 20 + 4096, "127 MiB"), (130_000 << 10, "127 MiB"),
      (129_800 << 10, "126.8 MiB"), (.max, "16 EiB"), (0, "0 B"),
    ] as [(UInt64, String)])
  func `is told in a unit that fits`(bytes: UInt64, text: String) {
    #expect(ByteCount.text(bytes) == text)
  }
}
