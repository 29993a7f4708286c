// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// One part of the machine, with what is known about it.
///
/// A value of some hundred bytes that remembers the way to it from the root,
/// because the flat form stores no parents and an address means something
/// only with them.
public struct Node: Sendable {
  let tree: DeviceTree

  /// Where the node starts, in bytes from the start of the device tree.
  public let offset: Int

  /// The name with its unit address, such as `serial@10000000`. The root's
  /// is empty.
  public let name: ByteView

  let ancestors: Ancestors

  /// Where what is inside the node starts.
  var inside: Int { offset + 4 + (name.count + 1).roundedUpToCell }

  /// The part of the name before the `@` (section 2.2.1).
  public var baseName: ByteView {
    name[0..<(name.firstIndex(of: 0x40) ?? name.count)]
  }

  /// The part of the name after the `@`, or nil if there is none.
  public var unitAddress: ByteView? {
    guard let at = name.firstIndex(of: 0x40) else { return nil }
    return name[at + 1..<name.count]
  }

  /// The node that this one is a child of, or nil for the root. The cost is
  /// constant.
  public var parent: Node? {
    @inline(never) get {
      var above = ancestors
      guard let offset = above.removeLast() else { return nil }
      var reader = TokenReader(tree, at: offset)
      // The token was read on the way down, so it is there.
      guard case .beginNode(let name)? = try? reader.next() else { return nil }
      return Node(tree: tree, offset: offset, name: name, ancestors: above)
    }
  }

  /// What is known about this node itself.
  public func properties() -> Properties { Properties(of: self) }

  /// The property called `name`, or nil. The cost is linear in the node's
  /// properties.
  @inline(never)
  public func property(
    named name: StaticString
  ) throws(DeviceTreeError) -> Property? {
    try property(named: ByteView(name))
  }

  @inline(never)
  func property(named name: ByteView) throws(DeviceTreeError) -> Property? {
    var properties = properties()
    while let property = try properties.next() {
      if property.isNamed(name) { return property }
    }
    return nil
  }

  /// Whether a driver for `device` fits this node (section 2.3.1).
  @inline(never)
  public func isCompatible(
    with device: StaticString
  ) throws(DeviceTreeError) -> Bool {
    try property(named: "compatible")?.contains(device) ?? false
  }
}

/// The properties of a node, one after another.
public struct Properties: Sendable {
  private var reader: TokenReader

  init(of node: Node) {
    reader = TokenReader(node.tree, at: node.inside)
  }

  /// The next property, or nil after the last.
  public mutating func next() throws(DeviceTreeError) -> Property? {
    var ahead = reader
    // All properties of a node stand before its children (section 5.4.2).
    guard case .property(let property) = try ahead.next() else { return nil }
    reader = ahead
    return property
  }
}
