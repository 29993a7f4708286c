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
  public private(set) var offset = 0

  /// The name with its unit address, such as `serial@10000000`. The root's
  /// is empty.
  public private(set) var name = ByteView("")

  /// How many nodes there are on the way, with the root and this node.
  private(set) var depth = 0

  /// Where the nodes on the way start.
  private var path: [16 of UInt32] = .init(repeating: 0)

  /// What this node inherits.
  var above = Level()

  /// The controller of its interrupts: see ``Level``.
  var namedController: UInt32 = 0
  var controllerDepth: UInt16 = 0

  /// Where the properties are that most questions ask for.
  var known = KnownProperties()

  /// Where what is inside the node starts.
  var inside = 0

  /// No node yet.
  @inline(__always)
  init(in tree: DeviceTree) { self.tree = tree }

  /// Becomes the node that begins at `offset`, below `depth` of those on the
  /// way to the node that it was.
  @inline(__always)
  mutating func begin(_ name: Range<Int>, at offset: Int, below depth: Int) {
    self.name =
      tree.bytes.part(from: name.lowerBound, count: name.count) ?? ByteView("")
    self.offset = offset
    self.depth = depth &+ 1
    path[depth & 15] = UInt32(truncatingIfNeeded: offset)
    known.removeAll()
  }

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
  /// linear in the properties of the nodes on the way.
  public var parent: Node? { ancestor(depth - 1) }

  /// The node at a depth on the way to this one; nil for 0.
  func ancestor(_ depth: Int) -> Node? {
    depth > 0 ? walk(to: depth)?.node : nil
  }

  /// A walk that has come to the node at a depth on the way to this one.
  @inline(never)
  func walk(to depth: Int) -> Nodes? {
    var nodes = tree.nodes()
    for index in 0..<depth {
      nodes.jump(to: Int(path[index]))
      // The node was read on the way down, so it is there.
      guard (try? nodes.advance()) == true else { return nil }
    }
    return nodes
  }

  /// What is known about this node itself.
  public func properties() -> Properties {
    Properties(TokenReader(tree, at: inside), of: tree)
  }

  subscript(property: KnownProperty) -> Property? {
    @inline(__always) get { tree.bytes.property(at: known[property]) }
  }

  /// The property called `name`, or nil. The cost is linear in the node's
  /// properties.
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
  @inline(__always)
  public func isCompatible(
    with device: StaticString
  ) throws(DeviceTreeError) -> Bool {
    try self[.compatible]?.contains(device) ?? false
  }

  /// The number that other nodes refer to this one by, or nil.
  @inline(__always)
  public func phandle() throws(DeviceTreeError) -> UInt32? {
    try self[.phandle]?.number32()
  }
}

/// The properties of a node, one after another.
public struct Properties: Sendable {
  var reader: TokenReader
  private let tree: DeviceTree

  init(_ reader: TokenReader, of tree: DeviceTree) {
    self.reader = reader
    self.tree = tree
  }

  /// The next property, or nil after the last.
  @inline(never)
  public mutating func next() throws(DeviceTreeError) -> Property? {
    guard let token = try reader.nextProperty() else { return nil }
    return try tree.property(token)
  }
}

// MARK: - Status

/// Whether a device can be used (section 2.3.4).
public enum Status: Equatable, Sendable {
  /// It works. Also what a node without a status means.
  case okay

  /// It does not work at present. A hart with this status sleeps and can be
  /// started.
  case disabled

  /// It works and belongs to other software, such as the firmware.
  case reserved

  /// It is broken.
  case failed

  /// It has a status that the specification does not know.
  case unknown
}

extension Node {
  /// Whether the device can be used. The status of the buses above it is
  /// not looked at.
  @inline(__always)
  public func status() throws(DeviceTreeError) -> Status {
    guard let property = self[.status] else { return .okay }
    return Status(try property.string())
  }
}

extension Status {
  @inline(never)
  init(_ text: ByteView) {
    if text == "okay" || text == "ok" {
      self = .okay
    } else if text == "disabled" {
      self = .disabled
    } else if text == "reserved" {
      self = .reserved
    } else if text == "fail" || text.starts(with: "fail-") {
      self = .failed
    } else {
      self = .unknown
    }
  }
}
