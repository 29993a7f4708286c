// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A wire from a device to an interrupt controller (section 2.4).
public struct Interrupt: Sendable {
  /// The controller that the wire leads to.
  public let controller: Node

  /// What the controller knows the wire by: cells whose meaning is its own.
  public let specifier: ByteView

  /// The first cell. For a PLIC it is the number of the source, for a
  /// hart's own controller the cause.
  public var number: UInt32 { specifier.bigEndian32(at: 0) ?? 0 }
}

/// The interrupts of a node, one after another.
public struct Interrupts: Sendable {
  private var cells: CellReader
  private let node: Node

  /// The controller of all of them, or nil where each names its own.
  private let shared: Node?

  init(of node: Node) throws(DeviceTreeError) {
    self.node = node
    if let extended = try node.property(named: "interrupts-extended") {
      cells = CellReader(extended)
      shared = nil
      return
    }
    let property = try node.property(named: "interrupts")
    cells = CellReader(property)
    shared = property == nil ? nil : try node.interruptParent()
  }

  /// The next interrupt, or nil after the last. The cost is one pass over
  /// the tree for each that names its controller.
  ///
  /// - Throws: `danglingReference` if there is no such controller, `badValue`
  ///   if the controller does not say how many cells it needs.
  public mutating func next() throws(DeviceTreeError) -> Interrupt? {
    guard !cells.isAtEnd else { return nil }
    let named = shared == nil ? try node.tree.node(phandle: cells.cell()) : nil
    guard let controller = shared ?? named else {
      throw DeviceTreeError(.danglingReference, at: node.offset)
    }
    let count = try controller.cellCount(named: "#interrupt-cells", or: 0)
    guard count > 0 else {
      throw DeviceTreeError(.badValue, at: controller.offset)
    }
    let specifier = try cells.view(cells: count)
    return Interrupt(controller: controller, specifier: specifier)
  }
}

extension Node {
  /// The interrupts that this device raises, from `interrupts-extended` or
  /// else from `interrupts`.
  public func interrupts() throws(DeviceTreeError) -> Interrupts {
    try Interrupts(of: self)
  }

  /// The first cell of this device's first interrupt, or nil if it has none.
  ///
  /// On a board with one PLIC it is the source's number there. No controller
  /// is looked up, so the cost is that of a property.
  public func interruptNumber() throws(DeviceTreeError) -> UInt32? {
    if let extended = try property(named: "interrupts-extended") {
      var cells = CellReader(extended)
      _ = try cells.cell()
      return try cells.cell()
    }
    guard let own = try property(named: "interrupts") else { return nil }
    var cells = CellReader(own)
    return try cells.cell()
  }

  /// The controller that this node's `interrupts` lead to: the one that the
  /// node or its nearest ancestor names, or else the nearest ancestor that is
  /// one itself. The cost is one pass over the tree.
  ///
  /// - Throws: `danglingReference` if there is none.
  public func interruptParent() throws(DeviceTreeError) -> Node {
    var current = self
    while true {
      if let property = try current.property(named: "interrupt-parent") {
        let phandle = try property.number32()
        if let node = try tree.node(phandle: phandle) { return node }
        throw DeviceTreeError(.danglingReference, at: property.offset)
      }
      guard let above = current.parent else {
        throw DeviceTreeError(.danglingReference, at: offset)
      }
      if try above.property(named: "#interrupt-cells") != nil { return above }
      current = above
    }
  }
}
