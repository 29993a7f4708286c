// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Hart
import Testing

@testable import DeviceTree

/// The tree of the board that the course runs on.
@Suite struct `The tree of QEMU's virt board` {
  let bytes: [UInt8]
  let one: DeviceTree
  let four: DeviceTree

  init() throws {
    one = try tree(qemuTree(harts: 1))
    bytes = try qemuTree(harts: 4)
    four = try tree(bytes)
  }

  @Test func `is well formed`() throws {
    try one.checkStructure()
    try four.checkStructure()
  }

  @Test func `tells its size from its first eight bytes`() throws {
    let header = kept(Array(bytes[0..<8]))
    // QEMU's file may be longer: it leaves room for the firmware's additions.
    let size = try #require(DeviceTree.totalSize(of: header))
    _ = try DeviceTree(kept(Array(bytes[0..<size])))
  }

  @Test func `has its memory at 0x8000_0000`() throws {
    let regions = try memory(one)
    #expect(regions == [Region(start: 0x8000_0000, size: 0x800_0000)])
  }

  @Test func `carries the command line`() throws {
    #expect(try one.bootArguments().map(String.init) == "a b")
  }

  @Test func `carries a random seed of 32 bytes`() throws {
    #expect(try one.randomSeed()?.count == 32)
  }

  @Test func `has a clock of 10 MHz`() throws {
    #expect(try one.bootInfo(hart: 0).frequency == 10_000_000)
  }

  @Test func `lists every hart`() throws {
    var harts: [UInt64] = []
    try four.forEachHart { hart throws(DeviceTreeError) in
      harts.append(hart.identifier)
      #expect(try hart.hasExtension("sstc"))
      #expect(try hart.hasExtension("c"))
      #expect(try !hart.hasExtension("v"))
      #expect(try hart.mmuType().map(String.init) == "riscv,sv48")
      #expect(hart.status == .okay)
    }
    #expect(harts.sorted() == [0, 1, 2, 3])
  }

  @Test func `has eight virtio slots in the order of their addresses`() throws {
    let slots = try one.virtioSlots()
    #expect(slots.count == 8)
    for index in 0..<8 {
      let start = 0x1000_1000 + 0x1000 * UInt64(index)
      #expect(slots[index]?.region == Region(start: start, size: 0x1000))
      #expect(slots[index]?.interrupt?.number == UInt32(index + 1))
      let controller = slots[index]?.interrupt?.controller
      let plic = try #require(try one.plic(phandle: controller))
      #expect(plic.node.name == "plic@c000000")
    }
    #expect(slots[8] == nil)
    #expect(slots[-1] == nil)
  }

  @Test func `has a serial port`() throws {
    let port = try #require(try one.serialPort())
    #expect(port.region == Region(start: 0x1000_0000, size: 0x100))
    #expect(port.interrupt?.number == 10)
    #expect(port.clockFrequency == 3_686_400)
    #expect(port.registerShift == 0)
  }

  @Test func `has two PLIC contexts for each hart`() throws {
    let plic = try #require(try four.plic())
    #expect(plic.region == Region(start: 0xc00_0000, size: 0x60_0000))
    #expect(plic.sourceCount == 96)
    for hart in 0..<4 {
      #expect(try plic.context(hart: UInt64(hart), cause: 11) == 2 * hart)
      #expect(try plic.context(hart: UInt64(hart)) == 2 * hart + 1)
    }
    #expect(try plic.context(hart: 4) == nil)
  }

  /// Two sockets: each has a PLIC, and the devices' lead to the second's.
  @Test func `leads each slot's interrupt to its own PLIC`() throws {
    let tree = try tree(qemuTree("virt", twoSockets))
    let first = try #require(try tree.plic())
    let slot = try #require(try tree.virtioSlots()[0])
    let phandle = try #require(slot.interrupt?.controller)
    let own = try #require(try tree.plic(phandle: phandle))
    let one = try (0..<4).map { try first.context(hart: UInt64($0)) }
    let other = try (0..<4).map { try own.context(hart: UInt64($0)) }
    // No hart hears of both.
    #expect(one.filter { $0 != nil }.count == 2)
    #expect(other.filter { $0 != nil }.count == 2)
    #expect(zip(one, other).allSatisfy { ($0 == nil) != ($1 == nil) })
  }

  @Test(arguments: ["aplic", "aplic-imsic"])
  func `has no PLIC where an APLIC is`(kind: String) throws {
    let tree = try tree(qemuTree("virt,aia=\(kind)", []))
    #expect(try tree.plic()?.region == nil)
    let phandle = try tree.virtioSlots()[0]?.interrupt?.controller
    #expect(phandle != nil)
    #expect(try tree.plic(phandle: phandle)?.region == nil)
  }

  @Test func `has a power device`() throws {
    #expect(try one.powerRegister() == 0x10_0000)
  }

  @Test func `leads a device's interrupt to the PLIC`() throws {
    let serial = try #require(try one.node(at: "/soc/serial@10000000"))
    var interrupts = try serial.interrupts()
    let interrupt = try #require(try interrupts.next())
    #expect(interrupt.controller.name == "plic@c000000")
    #expect(interrupt.number == 10)
    #expect(try interrupts.next() == nil)
  }

  @Test func `reads like what fdtget prints`() throws {
    let folder = try TemporaryFolder()
    let file = folder / "tree.dtb"
    try Data(bytes).write(to: file)
    for path in ["/", "/soc", "/cpus/cpu@2", "/chosen"] {
      let node = try #require(try four.node(at: kept(Array(path.utf8))))
      let properties = try run("fdtget", ["-p", file.path, path])
      #expect(try names(of: node) == lines(properties))
      let children = try run("fdtget", ["-l", file.path, path])
      #expect(try childNames(of: node) == lines(children))
    }
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
  }
}

func memory(_ tree: DeviceTree) throws -> [Region] {
  var regions: [Region] = []
  try tree.forEachMemoryRegion { regions.append($0) }
  return regions
}

func names(of node: Node) throws -> [String] {
  var names: [String] = []
  var properties = node.properties()
  while let property = try properties.next() {
    names.append(String(property.name))
  }
  return names
}

func childNames(of node: Node) throws -> [String] {
  var names: [String] = []
  var children = node.children()
  while let child = try children.next() { names.append(String(child.name)) }
  return names
}
