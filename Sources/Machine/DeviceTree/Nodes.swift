// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Nodes one after another, each before its children, in the tree's order.
///
///     var nodes = tree.nodes()
///     while let node = try nodes.next() { … }
///
/// The cost of all of them together is linear in the tree.
public struct Nodes: Sendable {
  private var reader: TokenReader

  /// The way to where the reader is.
  private var ancestors: Ancestors

  /// How deep the node lies whose end is the end of this walk.
  private let top: Int

  /// The only depth whose nodes are wanted, or nil for all.
  private let wanted: Int?

  private var isDone = false

  /// Whether a property may come next: none may once a child was closed.
  private var allowsProperty: Bool

  init(in tree: DeviceTree) {
    reader = TokenReader(tree, at: tree.structure.lowerBound)
    ancestors = Ancestors()
    top = 0
    wanted = nil
    allowsProperty = false
  }

  init(below node: Node, childrenOnly: Bool) throws(DeviceTreeError) {
    reader = TokenReader(node.tree, at: node.inside)
    ancestors = node.ancestors
    top = ancestors.count
    wanted = childrenOnly ? top + 1 : nil
    allowsProperty = true
    try ancestors.append(node.offset)
  }

  /// The next node, or nil after the last.
  ///
  /// - Throws: `tooDeep` at a node with 16 ancestors, or an error that says
  ///   what is malformed. Further calls throw the same.
  @inline(never)
  public mutating func next() throws(DeviceTreeError) -> Node? {
    while !isDone {
      var ahead = reader
      let token = try ahead.next()
      let node = try take(token, at: ahead.start, before: ahead)
      reader = ahead
      guard let node else { continue }
      if wanted == nil || wanted == node.ancestors.count { return node }
    }
    return nil
  }

  /// The first of the nodes to come for which `matches` is true, or nil.
  public mutating func first(
    where matches: (Node) throws(DeviceTreeError) -> Bool
  ) throws(DeviceTreeError) -> Node? {
    while let node = try next() {
      if try matches(node) { return node }
    }
    return nil
  }

  /// Follows one token, which is a node if it begins one.
  private mutating func take(
    _ token: Token, at offset: Int, before rest: TokenReader
  ) throws(DeviceTreeError) -> Node? {
    switch token {
    case .beginNode(let name):
      let node = Node(
        tree: rest.tree, offset: offset, name: name, ancestors: ancestors)
      try ancestors.append(offset)
      allowsProperty = true
      return node
    case .property where allowsProperty:
      return nil
    case .endNode where ancestors.count > top:
      try close(before: rest)
      return nil
    default:
      throw DeviceTreeError(.unexpectedToken, at: offset)
    }
  }

  /// Leaves a node. The end of the structure must follow that of the root.
  private mutating func close(before rest: TokenReader) throws(DeviceTreeError)
  {
    if ancestors.count == 1 {
      var rest = rest
      guard case .end = try rest.next() else {
        throw DeviceTreeError(.unexpectedToken, at: rest.start)
      }
    }
    _ = ancestors.removeLast()
    allowsProperty = false
    isDone = ancestors.count == top
  }
}

/// The way from the root to a node: where each node on it starts.
struct Ancestors: Sendable {
  private var offsets: [16 of UInt32] = .init(repeating: 0)
  private(set) var count = 0

  mutating func append(_ offset: Int) throws(DeviceTreeError) {
    guard count < offsets.count else {
      throw DeviceTreeError(.tooDeep, at: offset)
    }
    offsets[count] = UInt32(truncatingIfNeeded: offset)
    count += 1
  }

  mutating func removeLast() -> Int? {
    guard count > 0 else { return nil }
    count -= 1
    return Int(offsets[count])
  }
}

extension DeviceTree {
  /// All nodes, the root first.
  public func nodes() -> Nodes { Nodes(in: self) }

  /// The node that holds all others.
  public func root() throws(DeviceTreeError) -> Node {
    var nodes = nodes()
    guard let root = try nodes.next() else {
      throw DeviceTreeError(.unexpectedToken, at: structure.lowerBound)
    }
    return root
  }
}

extension Node {
  /// The nodes right below this one.
  public func children() throws(DeviceTreeError) -> Nodes {
    try Nodes(below: self, childrenOnly: true)
  }

  /// All nodes below this one.
  public func descendants() throws(DeviceTreeError) -> Nodes {
    try Nodes(below: self, childrenOnly: false)
  }
}
