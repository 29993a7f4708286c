// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import DeviceTree

/// Devices as the trees of boards that can be bought describe them.
@Suite struct BoardTests {
  private func tree(_ source: String) throws -> DeviceTree {
    try DeviceTree(kept(compile(source)))
  }

  @Test(arguments: [
    "riscv,plic0", "sifive,plic-1.0.0", "thead,c900-plic",
    "andestech,nceplic100",
  ])
  func `a PLIC has several names`(name: String) throws {
    let tree = try tree(
      """
      / { #address-cells = <1>; #size-cells = <1>;
        cpus { #address-cells = <1>; #size-cells = <0>;
          cpu@3 { device_type = "cpu"; reg = <3>;
            intc: interrupt-controller { compatible = "riscv,cpu-intc";
              interrupt-controller; #interrupt-cells = <1>; }; }; };
        other: plic@1000 { compatible = "\(name)"; reg = <0x1000 0x400>;
          status = "disabled"; #interrupt-cells = <2>; };
        plic: plic@2000 { compatible = "vendor,chip", "\(name)";
          reg = <0x2000 0x4000000>; riscv,ndev = <240>;
          #interrupt-cells = <2>;
          interrupts-extended = <&intc 11>, <&intc 9>; };
        virtio@4000 { compatible = "virtio,mmio"; reg = <0x4000 0x1000>;
          interrupt-parent = <&plic>; interrupts = <42 4>; }; };
      """)
    let plic = try #require(try tree.plic())
    #expect(plic.region.start == 0x2000)
    #expect(plic.sourceCount == 240)
    #expect(try plic.context(hart: 3) == 1)
    let source = try #require(try tree.virtioSlots()[0]?.interrupt)
    #expect(source.number == 42)
    let own = try tree.plic(phandle: source.controller)
    #expect(own?.region.start == 0x2000)
    #expect(try tree.plic(phandle: 0x7777)?.region == nil)
  }

  @Test(arguments: ["ns16550a", "ns16550", "snps,dw-apb-uart"])
  func `a serial port has several names`(name: String) throws {
    let port = try #require(
      try serialPort("compatible = \"vendor,uart\", \"\(name)\";"))
    #expect(port.region == Region(start: 0x1000, size: 0x100))
    #expect(port.registerShift == 0 && port.registerWidth == 1)
  }

  @Test(arguments: [
    ("reg-shift = <2>; reg-io-width = <4>;", 0x1000, 2, 4),
    ("reg-shift = <2>; reg-io-width = <1>;", 0x1000, 2, 1),
    ("reg-offset = <0x40>; reg-shift = <1>;", 0x1040, 1, 1),
    (
      "reg-offset = <0x10>; reg-io-width = <4>; reg-shift = <3>;", 0x1010, 3, 4
    ),
  ])
  func `a serial port's registers lie where its node says`(
    facts: String, start: UInt64, shift: UInt32, width: UInt32
  ) throws {
    let port = try #require(
      try serialPort("compatible = \"snps,dw-apb-uart\"; \(facts)"))
    #expect(port.region.start == start && port.region.end == 0x1100)
    #expect(port.registerShift == shift && port.registerWidth == width)
  }

  @Test(arguments: [
    "reg-io-width = <2>;", "reg-io-width = <4>;", "reg-offset = <0x101>;",
    "reg-shift = <9>;",
    "reg-offset = <2>; reg-shift = <2>; reg-io-width = <4>;",
  ])
  func `a serial port whose registers are out of reach is none`(
    facts: String
  ) throws {
    #expect(
      try serialPort("compatible = \"ns16550a\"; \(facts)")?.region == nil)
  }

  private func serialPort(_ facts: String) throws -> SerialPort? {
    try tree(
      """
      / { #address-cells = <1>; #size-cells = <1>;
        serial@1000 { reg = <0x1000 0x100>; \(facts) }; };
      """
    ).serialPort()
  }
}
