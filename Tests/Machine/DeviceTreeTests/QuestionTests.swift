// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import DeviceTree

@Suite struct `Questions to a tree made by dtc` {
  private func tree(_ source: String) throws -> DeviceTree {
    try DeviceTree(kept(compile(source)))
  }

  @Test func `about a path are answered with or without unit addresses`() throws
  {
    let tree = try tree(
      """
      / { aliases { uart = "/soc/serial@2"; loop = "uart"; };
        soc { serial@1 { }; serial@2 { port { }; }; serialx { }; }; };
      """)
    func name(_ path: StaticString) throws -> String? {
      try tree.node(at: path).map { String($0.name) }
    }
    #expect(try name("/") == "")
    #expect(try name("/soc") == "soc")
    #expect(try name("/soc/") == "soc")
    #expect(try name("/soc/serial") == "serial@1")
    #expect(try name("/soc/serial@2") == "serial@2")
    #expect(try name("/soc/serial@2/port") == "port")
    #expect(try name("/soc/serial@3") == nil)
    #expect(try name("/so") == nil)
    #expect(try name("uart") == "serial@2")
    #expect(try name("uart/port") == "port")
    #expect(try name("loop") == nil)
    #expect(try name("") == nil)
  }

  @Test func `about names, addresses and parents are answered`() throws {
    let tree = try tree("/ { soc { serial@2 { }; }; };")
    let node = try #require(try tree.node(at: "/soc/serial"))
    #expect(node.baseName == "serial")
    #expect(node.unitAddress.map(String.init) == "2")
    #expect(node.parent.map { String($0.name) } == "soc")
    #expect(node.parent?.unitAddress == nil)
    #expect(node.parent?.parent?.parent?.name == nil)
  }

  @Test func `about references are answered`() throws {
    let tree = try tree("/ { a: a { }; b { to = <&a>; }; };")
    let b = try #require(try tree.node(at: "/b"))
    let phandle = try #require(try b.property(named: "to")).number32()
    #expect(try tree.node(phandle: phandle).map { String($0.name) } == "a")
    #expect(try tree.node(phandle: phandle + 1)?.offset == nil)
  }

  @Test(arguments: [
    ("okay", Status.okay), ("ok", .okay), ("disabled", .disabled),
    ("reserved", .reserved), ("fail", .failed), ("fail-sss", .failed),
    ("failure", .unknown), ("", .unknown),
  ])
  func `about a status are answered`(text: String, status: Status) throws {
    let root = try tree("/ { status = \"\(text)\"; };").root()
    #expect(try root.status() == status)
  }

  @Test func `about a driver skip disabled devices`() throws {
    let tree = try tree(
      """
      / { a { compatible = "x"; status = "disabled"; };
        b { compatible = "y", "x"; }; c { compatible = "x"; };
        d { compatible = "xx"; }; };
      """)
    #expect(try tree.node(compatibleWith: "z")?.offset == nil)
    let first = try #require(try tree.node(compatibleWith: "x"))
    #expect(first.name == "b")
    var names: [String] = []
    try tree.forEachNode(compatibleWith: "x") { names.append(String($0.name)) }
    #expect(names == ["b", "c"])
  }

  @Test func `about memory name every region`() throws {
    let tree = try tree(
      """
      / { #address-cells = <2>; #size-cells = <1>;
        memory@1 { device_type = "memory"; reg = <0 1 2>, <1 0 3>; };
        memory@5 { device_type = "memory"; reg = <0 5 6>; };
        other@9 { reg = <0 9 9>; };
        memory@7 { device_type = "memory"; reg = <0 7 8>;
          status = "disabled"; }; };
      """)
    #expect(
      try memory(tree) == [
        Region(start: 1, size: 2), Region(start: 0x1_0000_0000, size: 3),
        Region(start: 5, size: 6),
      ])
  }

  @Test func `about reserved memory name both kinds`() throws {
    let tree = try tree(
      """
      /memreserve/ 0x80000000 0x1000;
      / { #address-cells = <1>; #size-cells = <1>;
        reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;
          a@1 { reg = <1 2 3 4>; no-map; }; b { size = <5>; };
          c@6 { reg = <6 7>; }; }; };
      """)
    var regions: [ReservedRegion] = []
    try tree.forEachReservedRegion { regions.append($0) }
    let expected: [(UInt64, UInt64, Bool)] = [
      (0x8000_0000, 0x1000, false), (1, 2, true), (3, 4, true), (6, 7, false),
    ]
    #expect(
      regions
        == expected.compactMap { start, size, noMap in
          Region(start: start, size: size).map {
            ReservedRegion(region: $0, noMap: noMap)
          }
        })
  }

  @Test func `about addresses follow the ranges of every bus`() throws {
    let tree = try tree(
      """
      / { #address-cells = <2>; #size-cells = <2>;
        soc { #address-cells = <1>; #size-cells = <1>;
          ranges = <0x0 0x0 0x10000000 0x1000>,
                   <0x2000 0x1 0x0 0x1000>;
          bridge { #address-cells = <1>; #size-cells = <1>; ranges;
            low@100 { reg = <0x100 0x10>; };
            high@2800 { reg = <0x2800 0x800>; };
            gap@1800 { reg = <0x1800 0x10>; };
            over@ff8 { reg = <0xff8 0x10>; }; };
          closed { #address-cells = <1>; #size-cells = <0>;
            chip@1 { reg = <1>; }; }; }; };
      """)
    func region(_ path: StaticString) throws -> Region? {
      try tree.node(at: path)?.region()
    }
    #expect(
      try region("/soc/bridge/low") == Region(start: 0x1000_0100, size: 0x10))
    #expect(
      try region("/soc/bridge/high")
        == Region(start: 0x1_0000_0800, size: 0x800))
    #expect(try region("/soc/bridge/gap") == nil)
    #expect(try region("/soc/bridge/over") == nil)
    #expect(try region("/soc/closed/chip") == nil)
    let chip = try #require(try tree.node(at: "/soc/closed/chip"))
    var regions = try chip.busRegions()
    #expect(try regions.next() == Region(start: 1, size: 0))
  }

  @Test func `about the console follow aliases and split options`() throws {
    let tree = try tree(
      """
      / { aliases { serial1 = "/b@2"; };
        chosen { stdout-path = "serial1:115200n8"; };
        a@1 { compatible = "ns16550a"; reg = <0 1 8>; };
        b@2 { compatible = "ns16550a"; reg = <0 2 8>; reg-shift = <2>; }; };
      """)
    let output = try #require(try tree.standardOutput())
    #expect(output.node.name == "b@2")
    #expect(output.options == "115200n8")
    let port = try #require(try tree.serialPort())
    #expect(port.region.start == 2)
    #expect(port.registerShift == 2)
    #expect(port.interrupt == nil)
    #expect(port.clockFrequency == nil)
  }

  @Test func `about things that are not there get nil`() throws {
    let tree = try tree("/ { };")
    #expect(try tree.bootArguments() == nil)
    #expect(try tree.randomSeed() == nil)
    #expect(try tree.standardOutput() == nil)
    #expect(try tree.bootInfo(hart: 0).frequency == nil)
    #expect(try !tree.bootInfo(hart: 0).hasTimer)
    #expect(try tree.serialPort() == nil)
    #expect(try tree.plic() == nil)
    #expect(try tree.powerRegister() == nil)
    #expect(try tree.virtioSlots().count == 0)
    #expect(try memory(tree) == [])
  }

  @Test func `about the clock look into the harts too`() throws {
    let inside = try tree(
      "/ { cpus { cpu@0 { }; cpu@1 { timebase-frequency = <7>; }; }; };")
    #expect(try inside.bootInfo(hart: 0).frequency == 7)
    let wide = try tree("/ { cpus { timebase-frequency = <1 2>; }; };")
    #expect(try wide.bootInfo(hart: 0).frequency == 0x1_0000_0002)
  }

  @Test func `about the timer look at the one hart`() throws {
    let harts = try tree(
      """
      / { #address-cells = <1>; #size-cells = <0>; cpus {
        #address-cells = <1>; #size-cells = <0>;
        cpu@0 { reg = <0>; riscv,isa = "rv64imac_sstc"; };
        cpu@1 { reg = <1>; riscv,isa = "rv64imac"; };
        cpu@2 { riscv,isa-extensions = "i", "sstc"; reg = <2>; };
      }; };
      """)
    #expect(try harts.bootInfo(hart: 0).hasTimer)
    #expect(try !harts.bootInfo(hart: 1).hasTimer)
    #expect(try harts.bootInfo(hart: 2).hasTimer)
    #expect(try !harts.bootInfo(hart: 3).hasTimer)
  }

  @Test(arguments: [
    ("riscv,isa = \"rv64imafdc_zicsr_sstc\"", true),
    ("riscv,isa = \"rv64imacsstc_zba\"", true),
    ("riscv,isa = \"rv64gc_sstc\"", true),
    ("riscv,isa-extensions = \"i\", \"sstc\"; riscv,isa = \"rv64c\"", false),
  ])
  func `about a hart's extensions read both notations`(
    notation: String, isCompressed: Bool
  ) throws {
    let tree = try tree(
      """
      / { cpus { #address-cells = <1>; #size-cells = <0>;
        cpu@5 { device_type = "cpu"; reg = <5>; \(notation); };
        cpu-map { }; }; };
      """)
    var count = 0
    try tree.forEachHart { hart throws(DeviceTreeError) in
      count += 1
      #expect(hart.identifier == 5)
      #expect(try hart.hasExtension("sstc"))
      #expect(try !hart.hasExtension("sst"))
      #expect(try !hart.hasExtension(""))
      #expect(try hart.hasExtension("i"))
      #expect(try !hart.hasExtension("v"))
      #expect(try hart.hasExtension("c") == isCompressed)
    }
    #expect(count == 1)
  }

  @Test func `about interrupts find the nearest parent`() throws {
    let tree = try tree(
      """
      / { interrupt-parent = <&a>;
        a: a { interrupt-controller; #interrupt-cells = <2>; };
        b: b { interrupt-controller; #interrupt-cells = <1>;
          interrupt-parent = <&a>; };
        bus { interrupt-parent = <&b>;
          near { interrupts = <1 2 3>; }; };
        far { interrupts = <4 5>; };
        both { interrupts = <9>; interrupts-extended = <&b 6 &a 7 8>; }; };
      """)
    func interrupts(_ path: StaticString) throws -> [String] {
      let node = try #require(try tree.node(at: path))
      var result: [String] = []
      var interrupts = try node.interrupts()
      while let next = try interrupts.next() {
        result.append("\(String(next.controller.name))\(next.number)")
      }
      return result
    }
    #expect(try interrupts("/bus/near") == ["b1", "b2", "b3"])
    #expect(try interrupts("/far") == ["a4"])
    #expect(try interrupts("/both") == ["b6", "a7"])
    #expect(try interrupts("/a") == [])
    func source(_ path: StaticString) throws -> InterruptSource? {
      try tree.node(at: path)?.interruptSource()
    }
    let a = try tree.node(at: "/a")?.phandle()
    let b = try tree.node(at: "/b")?.phandle()
    #expect(
      try source("/both") == InterruptSource(controller: b, number: 6))
    #expect(try source("/far") == InterruptSource(controller: a, number: 4))
    #expect(
      try source("/bus/near") == InterruptSource(controller: b, number: 1))
    #expect(try source("/a") == nil)
  }

  @Test func `about virtio slots sort them and keep the lowest`() throws {
    let slots = (0..<40).map { number in
      let start = number * 7 % 40
      return
        "v@\(start) { compatible = \"virtio,mmio\"; reg = <0 \(start) 1>; };"
    }
    let found = try tree("/ { \(slots.joined()) };").virtioSlots()
    #expect(found.count == 32)
    for index in 0..<32 {
      #expect(found[index]?.region.start == UInt64(index))
    }
  }
}
