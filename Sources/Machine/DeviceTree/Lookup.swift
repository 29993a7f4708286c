// SPDX-License-Identifier: BSD-3-Clause

import Hart

// Every lookup here is at most one pass over the tree, unless it says more.

extension DeviceTree {
  /// The node at `path`, such as `/soc/serial@10000000`, or nil.
  ///
  /// A part without a unit address stands for the first node that has the
  /// name with any. A path that does not start with `/` starts with an alias
  /// (section 3.3), which costs one more pass.
  public func node(at path: StaticString) throws(DeviceTreeError) -> Node? {
    try node(at: ByteView(path))
  }

  /// The node at a path that is no literal, such as a property's value.
  public func node(at path: ByteView) throws(DeviceTreeError) -> Node? {
    if path.firstIndex(of: slash) == 0 {
      return try node(at: path, below: root())
    }
    let length = path.firstIndex(of: slash) ?? path.count
    guard let alias = try alias(path[0..<length]) else { return nil }
    // What an alias stands for must not be an alias again.
    guard alias.firstIndex(of: slash) == 0,
      let start = try node(at: alias, below: root())
    else { return nil }
    return try node(at: path[length..<path.count], below: start)
  }

  /// The path that `name` is short for, or nil.
  private func alias(_ name: ByteView) throws(DeviceTreeError) -> ByteView? {
    let aliases = try node(at: ByteView("/aliases"), below: root())
    return try aliases?.property(named: name)?.string()
  }

  private var slash: UInt8 { 0x2f }

  private func node(
    at path: ByteView, below start: Node
  ) throws(DeviceTreeError) -> Node? {
    var rest = path
    var node = start
    while rest.count > 0 {
      if rest[0] == slash {
        rest = rest[1..<rest.count]
        continue
      }
      let length = rest.firstIndex(of: slash) ?? rest.count
      guard let child = try node.child(named: rest[0..<length]) else {
        return nil
      }
      node = child
      rest = rest[length..<rest.count]
    }
    return node
  }

  /// The node that others refer to as `phandle` (section 2.3.3), or nil.
  public func node(phandle: UInt32) throws(DeviceTreeError) -> Node? {
    var nodes = nodes()
    return try nodes.first { node throws(DeviceTreeError) in
      try node.phandle() == phandle
    }
  }

  /// The first usable node that a driver for `device` fits, or one for
  /// `other`, or nil.
  public func node(
    compatibleWith device: StaticString, or other: StaticString? = nil
  ) throws(DeviceTreeError) -> Node? {
    var nodes = nodes()
    return try nodes.first { node throws(DeviceTreeError) in
      if try node.isUsable(as: device) { return true }
      guard let other else { return false }
      return try node.isUsable(as: other)
    }
  }

  /// Calls `body` with every usable node that a driver for `device` fits.
  public func forEachNode(
    compatibleWith device: StaticString,
    _ body: (Node) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    var nodes = nodes()
    while let node = try nodes.next() {
      if try node.isUsable(as: device) { try body(node) }
    }
  }
}

extension Node {
  /// The number that other nodes refer to this one by, or nil.
  public func phandle() throws(DeviceTreeError) -> UInt32? {
    try property(named: "phandle")?.number32()
  }

  /// The first child with this name, whose unit address may be left out.
  func child(named name: ByteView) throws(DeviceTreeError) -> Node? {
    var children = try children()
    return try children.first { $0.name == name || $0.baseName == name }
  }

  func isUsable(as device: StaticString) throws(DeviceTreeError) -> Bool {
    guard try isCompatible(with: device) else { return false }
    return try status() == .okay
  }
}
