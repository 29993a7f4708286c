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
    while try nodes.advance() {
      if try nodes.node.phandle() == phandle { return nodes.node }
    }
    return nil
  }

  /// The first usable node that a driver for `device` fits, or nil.
  public func node(
    compatibleWith device: StaticString
  ) throws(DeviceTreeError) -> Node? {
    var nodes = nodes()
    while try nodes.advance() {
      if try nodes.node.isUsable(as: device) { return nodes.node }
    }
    return nil
  }

  /// Calls `body` with every usable node that a driver for `device` fits.
  public func forEachNode(
    compatibleWith device: StaticString,
    _ body: (Node) throws(DeviceTreeError) -> Void
  ) throws(DeviceTreeError) {
    var nodes = nodes()
    while try nodes.advance() {
      if try nodes.node.isUsable(as: device) { try body(nodes.node) }
    }
  }
}

extension Node {
  /// The first child with this name, whose unit address may be left out.
  func child(named name: ByteView) throws(DeviceTreeError) -> Node? {
    var children = children()
    while try children.advance() {
      let child = children.node.name
      if child == name { return children.node }
      if child.count > name.count, child[name.count] == 0x40,
        child[0..<name.count] == name
      {
        return children.node
      }
    }
    return nil
  }

  @inline(__always)
  func isUsable(as device: StaticString) throws(DeviceTreeError) -> Bool {
    guard try isCompatible(with: device) else { return false }
    return try status() == .okay
  }

  /// Whether a driver fits this usable node that serves all of `devices`.
  @inline(__always)
  func isUsable(as devices: Compatible) throws(DeviceTreeError) -> Bool {
    guard let names = self[.compatible], try names.contains(any: devices)
    else { return false }
    return try status() == .okay
  }
}

/// The names of a kind of device; a driver fits all of them.
typealias Compatible = (
  StaticString, StaticString, StaticString, StaticString
)

extension Property {
  /// Whether any of `texts` is one of the strings of the value.
  @inline(never)
  fileprivate func contains(
    any texts: Compatible
  ) throws(DeviceTreeError) -> Bool {
    var strings = strings()
    while let text = try strings.next() {
      if text == texts.0 || text == texts.1 || text == texts.2
        || text == texts.3
      {
        return true
      }
    }
    return false
  }
}
