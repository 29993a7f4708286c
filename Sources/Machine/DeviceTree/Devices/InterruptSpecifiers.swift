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

/// A wire from a device to an interrupt controller, by number and name alone.
public struct InterruptSource: Equatable, Sendable {
  /// The phandle of the controller, or nil if the tree gives it none: the
  /// board's only one, then.
  public let controller: UInt32?

  /// The first cell of what the controller knows the wire by. For a PLIC it is
  /// the source's number; some have a second cell, which says how the wire
  /// tells.
  public let number: UInt32

  /// The wire `number` of a controller.
  public init(controller: UInt32?, number: UInt32) {
    self.controller = controller
    self.number = number
  }
}

/// The interrupts of a node, one after another.
public struct InterruptSpecifiers: Sendable {
  private var cells: CellReader
  private let node: Node

  /// The controller of all of them, or nil where each names its own.
  private let shared: Node?

  init(of node: Node) throws(DeviceTreeError) {
    self.node = node
    if let extended = node[.interruptsExtended] {
      cells = CellReader(extended)
      shared = nil
      return
    }
    let property = node[.interrupts]
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
    let count = try controller.interruptCells()
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
  public func interrupts() throws(DeviceTreeError) -> InterruptSpecifiers {
    try InterruptSpecifiers(of: self)
  }

  /// This device's first interrupt, or nil if it has none.
  ///
  /// No controller is looked up, so the cost is that of a few properties.
  @inline(never)
  public func interruptSource() throws(DeviceTreeError) -> InterruptSource? {
    if let extended = self[.interruptsExtended] {
      var cells = CellReader(extended)
      let controller = try cells.cell()
      return InterruptSource(
        controller: controller, number: try cells.cell())
    }
    guard let own = self[.interrupts] else { return nil }
    var cells = CellReader(own)
    let number = try cells.cell()
    if let named = tree.bytes.property(at: namedController) {
      return InterruptSource(
        controller: try named.number32(), number: number)
    }
    let controller = ancestor(Int(controllerDepth))
    return InterruptSource(
      controller: try controller?.phandle(), number: number)
  }

  /// The controller that this node's `interrupts` lead to: the one that the
  /// node or its nearest ancestor names, or else the nearest ancestor that is
  /// a controller itself. The cost is one pass over the tree.
  ///
  /// - Throws: `danglingReference` if there is none.
  public func interruptParent() throws(DeviceTreeError) -> Node {
    let found: Node?
    if let named = tree.bytes.property(at: namedController) {
      found = try tree.node(phandle: named.number32())
    } else {
      found = ancestor(Int(controllerDepth))
    }
    guard let found else {
      throw DeviceTreeError(.danglingReference, at: offset)
    }
    return found
  }

  /// How many cells this controller knows a wire by; 0 if it does not say.
  fileprivate func interruptCells() throws(DeviceTreeError) -> Int {
    try tree.bytes.cellCount(known[.interruptCells], or: 0)
  }
}
