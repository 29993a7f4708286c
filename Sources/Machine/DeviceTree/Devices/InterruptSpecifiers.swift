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
  public func interrupts() throws(DeviceTreeError) -> InterruptSpecifiers {
    try InterruptSpecifiers(of: self)
  }

  /// This device's first interrupt, or nil if it has none.
  ///
  /// No controller is looked up, so the cost is that of a few properties.
  public func interruptSource() throws(DeviceTreeError) -> InterruptSource? {
    if let extended = try property(named: "interrupts-extended") {
      var cells = CellReader(extended)
      let controller = try cells.cell()
      return InterruptSource(
        controller: controller, number: try cells.cell())
    }
    guard let own = try property(named: "interrupts") else { return nil }
    var cells = CellReader(own)
    let number = try cells.cell()
    var place = self
    let named = try Self.findInterruptParent(from: &place)
    let above = try place.phandle()
    return InterruptSource(controller: named ?? above, number: number)
  }

  /// The controller that this node's `interrupts` lead to: the one that the
  /// node or its nearest ancestor names, or else the nearest ancestor that is
  /// one itself. The cost is one pass over the tree.
  ///
  /// - Throws: `danglingReference` if there is none.
  public func interruptParent() throws(DeviceTreeError) -> Node {
    var place = self
    if let named = try Self.findInterruptParent(from: &place) {
      if let node = try tree.node(phandle: named) { return node }
    } else if place.offset != offset,
      try place.property(named: "#interrupt-cells") != nil
    {
      return place
    }
    throw DeviceTreeError(.danglingReference, at: place.offset)
  }

  /// Looks from `place` upwards for what leads to the controller of its
  /// interrupts.
  ///
  /// - Returns: The phandle of the controller if one is named. If not, `place`
  ///   is the controller, or the root if there is none.
  @inline(never)
  private static func findInterruptParent(
    from place: inout Node
  ) throws(DeviceTreeError) -> UInt32? {
    while true {
      if let property = try place.property(named: "interrupt-parent") {
        return try property.number32()
      }
      guard let above = place.parent else { return nil }
      place = above
      if try place.property(named: "#interrupt-cells") != nil { return nil }
    }
  }
}
