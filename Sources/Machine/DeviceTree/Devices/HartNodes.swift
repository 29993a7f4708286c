// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A hart, as the device tree describes it (section 3.8 and the RISC-V
/// binding that Linux keeps).
public struct HartDescription: Sendable {
  /// The node below `/cpus`.
  public let node: Node

  /// The number by which the firmware knows the hart.
  public let identifier: UInt64

  /// Whether it runs. One that is disabled sleeps and can be started.
  public let status: Status

  init(_ node: Node) throws(DeviceTreeError) {
    var cells = try node.busRegions()
    guard let region = try cells.next() else {
      throw DeviceTreeError(.badValue, at: node.offset)
    }
    self.node = node
    identifier = region.start
    status = try node.status()
  }

  /// The instruction set in the older notation, such as
  /// `rv64imafdc_zicsr_sstc`, or nil.
  public func instructionSet() throws(DeviceTreeError) -> ByteView? {
    try node.property(named: "riscv,isa")?.string()
  }

  /// The most capable form of address translation, such as `riscv,sv48`, or
  /// nil.
  public func mmuType() throws(DeviceTreeError) -> ByteView? {
    try node.property(named: "mmu-type")?.string()
  }

  /// Whether the hart has the extension that is called `name` in small
  /// letters, such as `sstc` or `c`.
  ///
  /// Asks the list `riscv,isa-extensions` where there is one.
  public func hasExtension(
    _ name: StaticString
  ) throws(DeviceTreeError) -> Bool {
    if let list = try node.property(named: "riscv,isa-extensions") {
      return try list.contains(name)
    }
    guard let text = try node.property(named: "riscv,isa") else {
      return false
    }
    return InstructionSet(text.withoutEnd).contains(ByteView(name))
  }
}

extension DeviceTree {
  /// Calls `body` with every hart, in the tree's order, in one pass.
  public func forEachHart(
    _ body: (HartDescription) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    guard var nodes = try hartNodes() else { return }
    while let node = try nodes.next() {
      guard try node.isHart() else { continue }
      try body(HartDescription(node))
    }
  }

  /// The nodes below `/cpus`, or nil.
  @inline(never)
  func hartNodes() throws(DeviceTreeError) -> Nodes? {
    var nodes = try root().children()
    while let node = try nodes.next() {
      if node.name == "cpus" { return try node.children() }
    }
    return nil
  }
}

extension Node {
  /// Whether this node below `/cpus` is a hart: by its name, `cpu` with an
  /// address, or by its type. Trees are found that lack the one or the other.
  func isHart() throws(DeviceTreeError) -> Bool {
    if baseName == "cpu" { return true }
    return try property(named: "device_type")?.contains("cpu") ?? false
  }
}
