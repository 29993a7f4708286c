// SPDX-License-Identifier: BSD-3-Clause

/// The interrupt controller that all harts share, as the tree describes it.
public struct PLICDescription: Sendable {
  /// The node itself.
  public let node: Node

  /// Where the registers are.
  public let region: Region

  /// How many sources there are. They are numbered from 1.
  public let sourceCount: UInt32

  /// The controller at `node`, or nil if no hart can reach it.
  init?(_ node: Node) throws(DeviceTreeError) {
    guard let region = try node.region() else { return nil }
    self.node = node
    self.region = region
    sourceCount = try node.property(named: "riscv,ndev")?.number32() ?? 0
  }

  /// The number of the context in which the PLIC interrupts a hart, or nil if
  /// it does not.
  ///
  /// Entry n of `interrupts-extended` describes context n: the hart's own
  /// controller, and the cause that is raised there. The cause is 9 for
  /// supervisor mode and 11 for machine mode. The cost is one pass.
  ///
  /// - Throws: `badValue` if `interrupts-extended` is no list of pairs.
  public func context(
    hart: UInt64, cause: UInt32 = 9
  ) throws(DeviceTreeError) -> Int? {
    guard let wanted = try node.tree.controller(ofHart: hart) else {
      return nil
    }
    var cells = CellReader(
      try node.property(named: "interrupts-extended"))
    var context = 0
    while !cells.isAtEnd {
      // A hart's own controller always takes one cell.
      let (phandle, number) = (try cells.cell(), try cells.cell())
      if phandle == wanted && number == cause { return context }
      context += 1
    }
    return nil
  }
}

extension DeviceTree {
  /// The first usable PLIC, or nil.
  public func plic() throws(DeviceTreeError) -> PLICDescription? {
    guard
      let node = try node(
        compatibleWith: "riscv,plic0", or: "sifive,plic-1.0.0")
    else { return nil }
    return try PLICDescription(node)
  }

  /// The phandle of the controller inside a hart, or nil.
  fileprivate func controller(
    ofHart identifier: UInt64
  ) throws(DeviceTreeError) -> UInt32? {
    guard var harts = try hartNodes() else { return nil }
    while let hart = try harts.next() {
      guard try hart.property(named: "reg")?.number() == identifier else {
        continue
      }
      var children = try hart.children()
      while let child = try children.next() {
        guard try child.isCompatible(with: "riscv,cpu-intc") else { continue }
        return try child.phandle()
      }
    }
    return nil
  }
}
