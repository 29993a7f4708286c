// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Nodes one after another, each before its children, in the tree's order.
///
///     var nodes = tree.nodes()
///     while let node = try nodes.next() { … }
///
/// The one reader of the tree: a cursor that knows at each node what the nodes
/// above it say about addresses and interrupts, so that no question goes back.
///
///     /            #address-cells 2 …       levels[0]
///     └─ soc       #address-cells 1, ranges levels[1]
///        └─ uart   reg, status, …           node, levels[2]
///
/// The cost of all nodes together is linear in the tree: about 20,000
/// instructions with QEMU's.
public struct Nodes: Sendable {
  /// The node that the cursor is at. There is none before the first call of
  /// ``advance()``.
  private(set) var node: Node

  private var levels: [16 of Level] = .init(repeating: Level())
  private var reader: TokenReader
  private var names = NameCache()

  /// How many nodes have begun and not ended.
  private var open = 0

  /// How many of them there are when this walk ends.
  private var last = 0

  private var skipsGrandchildren = false
  private var isDone = false

  @inline(__always)
  init(in tree: DeviceTree) {
    reader = TokenReader(tree, at: tree.structure.lowerBound)
    node = Node(in: tree)
  }

  /// From here on, only the children of the node that the cursor is at.
  mutating func enterChildren() {
    last = open - 1
    skipsGrandchildren = true
  }

  /// Moves to `offset`, where a child of the node at the cursor begins.
  mutating func jump(to offset: Int) {
    reader = TokenReader(node.tree, at: offset)
  }

  /// The next node, or nil after the last.
  ///
  /// - Throws: `tooDeep` at a node with 16 ancestors, or an error that says
  ///   what is malformed. Further calls throw the same.
  public mutating func next() throws(DeviceTreeError) -> Node? {
    try advance() ? node : nil
  }

  /// The first of the nodes to come for which `matches` is true, or nil.
  public mutating func first(
    where matches: (Node) throws(DeviceTreeError) -> Bool
  ) throws(DeviceTreeError) -> Node? {
    while try advance() {
      if try matches(node) { return node }
    }
    return nil
  }

  /// Moves to the next node, and reads its properties.
  ///
  /// - Returns: Whether there is one.
  mutating func advance() throws(DeviceTreeError) -> Bool {
    guard try begin() else { return false }
    try readProperties()
    return true
  }

  /// Moves to the next node. Nothing but its name is known before
  /// ``readProperties()``.
  ///
  /// - Returns: Whether there is one.
  @inline(never) @_optimize(speed)
  mutating func begin() throws(DeviceTreeError) -> Bool {
    if skipsGrandchildren, open > last + 1 { _ = try skip() }
    while !isDone {
      var ahead = reader
      switch try ahead.next() {
      case .beginNode(let name) where open > 0 || node.depth == 0:
        guard open < levels.count else {
          throw DeviceTreeError(.tooDeep, at: ahead.start)
        }
        node.begin(name, at: ahead.start, below: open)
        reader = ahead
        open &+= 1
        return true
      case .endNode where open > last:
        reader = ahead
        open &-= 1
        isDone = open == last && last > 0
      case .end where open == 0 && node.depth > 0:
        isDone = true
      default:
        throw DeviceTreeError(.unexpectedToken, at: ahead.start)
      }
    }
    return false
  }

  /// Reads the properties of the node that has begun: all of them stand before
  /// its children (section 5.4.2).
  @inline(never) @_optimize(speed)
  mutating func readProperties() throws(DeviceTreeError) {
    var ahead = reader
    let strings = node.tree.strings
    node.inside = ahead.offset
    while let token = try ahead.nextProperty() {
      let known = try names.property(token, in: strings)
      if known < KnownProperty.count {
        node.known.add(known, at: token.offset)
      }
    }
    reader = ahead
    if open > 1 { node.above = levels[open &- 2] }
    levels[open &- 1] = node.level()
  }

  /// Passes what is inside of the node that the cursor is at: the next one
  /// comes behind it.
  ///
  /// - Parameter initial: If the name of a property that was not read yet
  ///   begins with this byte, or may, nothing is passed.
  /// - Returns: Whether it was passed.
  /// - Throws: The first error in what is passed.
  @inline(never) @_optimize(speed)
  mutating func skip(
    unlessOwn initial: UInt8 = 0
  ) throws(DeviceTreeError) -> Bool {
    var ahead = reader
    if initial != 0,
      try ahead.skipProperties(until: initial, node.tree.strings)
    {
      return false
    }
    try ahead.skipToEnd()
    reader = ahead
    return true
  }

  /// See ``Node/translate(_:)``, for the bus that the node at the cursor is.
  mutating func translate(
    _ region: Region
  ) throws(DeviceTreeError) -> Region? {
    var region = region
    var index = open - 1
    while index > 0 {
      guard
        let moved = try node.tree.move(
          region, from: levels[index], to: levels[index - 1])
      else { return nil }
      region = moved
      index -= 1
    }
    return region
  }
}

extension DeviceTree {
  /// All nodes, the root first.
  @inline(never)
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
  /// The nodes right below this one. What lies deeper is passed unread.
  public func children() -> Nodes {
    var nodes = walk(to: depth) ?? tree.nodes()
    nodes.enterChildren()
    return nodes
  }
}
