// SPDX-License-Identifier: BSD-3-Clause

/// An interrupt controller that harts share, as the tree describes it.
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
    guard let wanted = try node.tree.hartController(ofHart: hart) else {
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
  /// The usable PLIC that others refer to as `phandle`, or the first one for
  /// nil; nil if there is none. The cost is one pass.
  public func plic(
    phandle: UInt32? = nil
  ) throws(DeviceTreeError) -> PLICDescription? {
    var nodes = nodes()
    while let node = try nodes.next() {
      if let phandle, try node.phandle() != phandle { continue }
      guard try node.isPLIC(), try node.status() == .okay else { continue }
      return try PLICDescription(node)
    }
    return nil
  }

  /// The phandle of the controller inside a hart, or nil.
  fileprivate func hartController(
    ofHart identifier: UInt64
  ) throws(DeviceTreeError) -> UInt32? {
    guard var harts = try hartNodes() else { return nil }
    while let hart = try harts.next() {
      guard try hart.isHart(),
        try HartDescription(hart).identifier == identifier
      else { continue }
      var children = try hart.children()
      while let child = try children.next() {
        guard try child.isCompatible(with: "riscv,cpu-intc") else { continue }
        return try child.phandle()
      }
    }
    return nil
  }
}

extension Node {
  /// Whether this is a PLIC, or one of the two kinds that work like it once the
  /// firmware has let S-mode in. Where those two differ is in wires that tell
  /// by edges, which no device of this kernel has.
  fileprivate func isPLIC() throws(DeviceTreeError) -> Bool {
    guard let names = try property(named: "compatible") else { return false }
    if try names.contains("riscv,plic0") { return true }
    if try names.contains("sifive,plic-1.0.0") { return true }
    if try names.contains("thead,c900-plic") { return true }
    return try names.contains("andestech,nceplic100")
  }
}
