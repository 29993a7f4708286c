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
    guard let identifier = try node.hartIdentifier() else {
      throw DeviceTreeError(.badValue, at: node.offset)
    }
    self.node = node
    self.identifier = identifier
    status = try node.status()
  }

  /// The instruction set in the older notation, such as
  /// `rv64imafdc_zicsr_sstc`, or nil.
  public func instructionSet() throws(DeviceTreeError) -> ByteView? {
    try node[.instructionSet]?.string()
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
    if let list = node[.extensions] { return try list.contains(name) }
    guard let text = node[.instructionSet] else { return false }
    return InstructionSet(text.withoutEnd).contains(ByteView(name))
  }
}

extension DeviceTree {
  /// Calls `body` with every hart, in the tree's order, in one pass.
  @inline(never)
  public func forEachHart(
    _ body: (HartDescription) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    guard var nodes = try hartNodes() else { return }
    while try nodes.advance() {
      guard try nodes.node.isHart() else { continue }
      try body(HartDescription(nodes.node))
    }
  }

  /// The nodes below `/cpus`, or nil.
  func hartNodes() throws(DeviceTreeError) -> Nodes? {
    var nodes = try root().children()
    while try nodes.advance() {
      if nodes.node.name == "cpus" { return nodes.node.children() }
    }
    return nil
  }
}

extension Node {
  /// Whether this node below `/cpus` is a hart: by its name, `cpu` with an
  /// address, or by its type. Trees are found that lack the one or the other.
  @inline(__always)
  func isHart() throws(DeviceTreeError) -> Bool {
    if name.isNamed("cpu") { return true }
    return try self[.deviceType]?.contains("cpu") ?? false
  }

  /// The number by which the firmware knows this hart, or nil.
  @inline(__always)
  func hartIdentifier() throws(DeviceTreeError) -> UInt64? {
    var regions = try busRegions()
    return try regions.next()?.start
  }

  /// Calls `body` with the name of every extension of this hart; with that of
  /// one with a single letter perhaps not.
  func forEachExtension(
    _ body: (ByteView) -> Void
  ) throws(DeviceTreeError) {
    if var names = self[.extensions]?.strings() {
      while let name = try names.next() { body(name) }
    } else if let text = self[.instructionSet] {
      var set = InstructionSet(text.withoutEnd)
      while let name = set.nextName() { body(name) }
    }
  }
}

extension Property {
  /// The bytes without the zero that ends the one string of the value: it is
  /// not looked for, as instruction sets are long.
  fileprivate var withoutEnd: ByteView { value[0..<max(value.count - 1, 0)] }
}
