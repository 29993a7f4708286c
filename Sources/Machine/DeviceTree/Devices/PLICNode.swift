// SPDX-License-Identifier: BSD-3-Clause

import Hart

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
    var cells = CellReader(node[.interruptsExtended])
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
  @inline(never)
  public func plic(
    phandle: UInt32? = nil
  ) throws(DeviceTreeError) -> PLICDescription? {
    var nodes = nodes()
    while try nodes.advance() {
      if let phandle, try nodes.node.phandle() != phandle { continue }
      guard try nodes.node.isPLIC() else { continue }
      return try PLICDescription(nodes.node)
    }
    return nil
  }

  /// The phandle of the controller inside a hart, or nil.
  fileprivate func hartController(
    ofHart identifier: UInt64
  ) throws(DeviceTreeError) -> UInt32? {
    var nodes = nodes()
    while try nodes.begin() {
      let depth = nodes.node.depth
      if depth == 2, !(nodes.node.name == "cpus"), try nodes.skip() { continue }
      try nodes.readProperties()
      if depth == 3 {
        guard try nodes.node.isHart(),
          try nodes.node.hartIdentifier() == identifier
        else {
          _ = try nodes.skip()
          continue
        }
      } else if depth > 3, try nodes.node.isCompatible(with: "riscv,cpu-intc") {
        return try nodes.node.phandle()
      }
    }
    return nil
  }
}

extension Node {
  /// Whether this is a usable PLIC, or one of the two kinds that work like it
  /// once the firmware has let S-mode in. Where those two differ is in wires
  /// that tell by edges, which no device of this kernel has.
  @inline(__always)
  fileprivate func isPLIC() throws(DeviceTreeError) -> Bool {
    try isUsable(
      as: (
        "riscv,plic0", "sifive,plic-1.0.0", "thead,c900-plic",
        "andestech,nceplic100"
      ))
  }
}
