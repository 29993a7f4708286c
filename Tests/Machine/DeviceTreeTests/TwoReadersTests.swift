// SPDX-License-Identifier: BSD-3-Clause

import Hart
import TestSupport
import Testing

@testable import DeviceTree

/// One cursor reads a tree, and two ask it: every boot, in one pass that skips
/// what it can, and programs, node by node. They must not be told different
/// things, nor others than a second reader finds, which shares no code with
/// the first.
@Suite struct `All readers of a tree` {
  private func expectAgreement(
    _ bytes: [UInt8], _ place: SourceLocation = #_sourceLocation
  ) throws -> Facts {
    let tree = try tree(bytes)
    let facts = try Facts(nodesOf: tree)
    let harts = facts.harts.keys.sorted()
    #expect(
      try Facts(bootInfo: tree, harts: harts) == facts, sourceLocation: place)
    #expect(try Facts(naive: bytes) == facts, sourceLocation: place)
    #expect(
      try Tree(flattened: bytes) == Tree(tree.root()), sourceLocation: place)
    // Of a hart that there is not, nothing is known.
    let none = try tree.bootInfo(hart: 0xFFFF_FFFF_FFFF)
    #expect(!none.hasTimer && !none.hasMemoryTypes, sourceLocation: place)
    try expectOnePower(tree, place)
    return facts
  }

  private func expectOnePower(
    _ tree: DeviceTree, _ place: SourceLocation
  ) throws {
    let node =
      try tree.node(compatibleWith: "sifive,test1")
      ?? tree.node(compatibleWith: "sifive,test0")
    #expect(
      try tree.powerRegister() == node?.region()?.start, sourceLocation: place)
  }

  @Test(arguments: [
    ("virt", []), ("virt", ["-smp", "8"]), ("virt", ["-m", "3G"]),
    ("virt,aclint=on", ["-smp", "3"]),
    ("virt,aia=aplic", ["-smp", "2"]), ("virt,aia=aplic-imsic", []),
    ("virt", ["-cpu", "rv64,mmu=off"]), ("virt", ["-cpu", "rv64,sstc=off"]),
    ("virt", ["-cpu", "rv64,svpbmt=on"]), ("virt", twoSockets),
    ("sifive_u", ["-smp", "5"]), ("spike", []),
    ("microchip-icicle-kit", ["-smp", "5", "-m", "2G"]),
  ])
  func `agree on QEMU's boards`(machine: String, options: [String]) throws {
    // Some boards have their tree from elsewhere, and QEMU dumps none.
    guard let bytes = try? qemuTree(machine, options) else {
      try #require(!machine.hasPrefix("virt"))
      return
    }
    let facts = try expectAgreement(bytes)
    #expect(!facts.memory.isEmpty && !facts.harts.isEmpty)
    #expect(facts.frequency != nil)
  }

  @Test func `find memory by its type, whatever its name`() throws {
    let facts = try expectAgreement(
      compile(
        """
        / { #address-cells = <1>; #size-cells = <1>;
          ram@10 { device_type = "memory"; reg = <0x10 1>; };
          sram { reg = <0x30 1>; memory { device_type = "memory";
            reg = <0x40 1>; }; };
          memory@20 { reg = <0x20 1>; };
          memory@50 { device_type = "memory"; reg = <0x50 1 0x60 1>;
            status = "okay"; };
          memory@70 { device_type = "memory"; reg = <0x70 1>;
            status = "disabled"; };
        };
        """))
    #expect(facts.memory.map(\.start) == [0x10, 0x50, 0x60])
  }

  @Test(arguments: [
    (ranges: "", expected: [0x100, 0x2000]),
    (ranges: "ranges;", expected: [0x100, 0x2000]),
    (
      ranges: "ranges = <0 0 0x8 0x0 0x1000>;", expected: [0x8_0000_0100]
    ),
  ])
  func `follow the ranges of what is reserved`(
    ranges: String, expected: [UInt64]
  ) throws {
    let facts = try expectAgreement(
      compile(
        """
        / { #address-cells = <2>; #size-cells = <2>;
          reserved-memory { #address-cells = <2>; #size-cells = <1>;
            \(ranges)
            a@100 { reg = <0 0x100 0x10>; }; b { size = <5>; };
            c@2000 { reg = <0 0x2000 0x10>; no-map; }; };
        };
        """))
    #expect(facts.reserved.map(\.start) == expected)
  }

  @Test func `take each section where it is`() throws {
    let facts = try expectAgreement(
      Tree(
        "", [],
        [
          Tree("chosen@0", [cells("rng-seed", 1)]),
          Tree("chosen", [cells("rng-seed", 2)]),
          Tree("reserved-memory", [], [Tree("a", [cells("reg", 0, 1, 1)])]),
          Tree("reserved-memory@1", [], [Tree("b", [cells("reg", 0, 9, 1)])]),
          Tree("reserved-memory2", [], [Tree("c", [cells("reg", 0, 5, 1)])]),
        ]
      ).flattened())
    #expect(facts.seed == [0, 0, 0, 1])
    #expect(facts.reserved.map(\.start) == [1, 9])
  }

  @Test func `know a hart by its name or its type`() throws {
    let facts = try expectAgreement(
      compile(
        """
        / { cpus { #address-cells = <2>; #size-cells = <0>;
          cpu@0 { reg = <0 0>; riscv,isa = "rv64imac_sstc";
            timebase-frequency = <5>; };
          core@1 { device_type = "cpu"; reg = <1 0>;
            riscv,isa-extensions = "i", "svpbmt";
            riscv,isa = "rv64imac_sstc"; };
          other@2 { reg = <0 2>; riscv,isa = "rv64imac_sstc"; };
          cpu-map { timebase-frequency = <6>; };
        }; };
        """))
    #expect(
      facts.harts == [0: [true, false], 0x1_0000_0000: [false, true]])
    #expect(facts.frequency == 5)
  }

  /// Bytes changed at random: whenever two answer, they answer alike, and the
  /// boot refuses no tree of which all can be read.
  @Test func `agree on damaged trees`() throws {
    var (answered, refused, compared) = (0, 0, 0)
    let specimens = Specimens.all + [Specimens.together]
    for seed in 0..<1_500 {
      var numbers = SeededNumbers(seed: UInt64(seed))
      var bytes = specimens[seed % specimens.count]
      for _ in 0..<1 + numbers.below(3) { mutate(&bytes, with: &numbers) }
      guard let tree = try? tree(bytes) else { continue }
      guard let facts = try? Facts(nodesOf: tree) else {
        refused += 1
        continue
      }
      if let naive = try? Facts(naive: bytes) {
        try #require(naive == facts, "seed \(seed)")
        compared += 1
      }
      let harts = facts.harts.keys.sorted()
      do {
        let bootInfo = try Facts(bootInfo: tree, harts: harts)
        try #require(bootInfo == facts, "seed \(seed)")
        answered += 1
      } catch let error as DeviceTreeError {
        refused += 1
        let isDamaged = (try? tree.checkStructure()) == nil
        #expect(
          isDamaged || error.kind == .tooManyRegions, "seed \(seed): \(error)")
      }
    }
    #expect(answered > 300)
    #expect(refused > 100)
    #expect(compared > 300)
  }
}

extension `All readers of a tree` {
  @Test func `find the same nodes in damaged trees`() throws {
    var compared = 0
    for seed in 0..<1_500 {
      var numbers = SeededNumbers(seed: UInt64(seed))
      var bytes = Specimens.all[seed % Specimens.all.count]
      mutate(&bytes, with: &numbers)
      guard let cursor = try? Tree(tree(bytes).root()),
        let naive = try? Tree(flattened: bytes)
      else { continue }
      try #require(cursor == naive, "seed \(seed)")
      compared += 1
    }
    #expect(compared > 300)
  }
}
