// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// One step in the structure block (section 5.4.1).
enum Token {
  case beginNode(name: ByteView)
  case endNode
  case property(Property)
  case end
}

/// The first cell of each kind of token, as a little-endian machine reads it:
/// then most of them need not be turned round.
private enum TokenKind {
  static var beginNode: UInt32 { 1 << 24 }
  static var endNode: UInt32 { 2 << 24 }
  static var property: UInt32 { 3 << 24 }
  static var nothing: UInt32 { 4 << 24 }
  static var end: UInt32 { 9 << 24 }
}

/// Reads the structure block token by token.
///
///     BEGIN_NODE "soc" | PROP length, name, value | … | END_NODE | END
///
/// Each step moves on by at least four bytes, so reading always comes to an
/// end.
struct TokenReader {
  let tree: DeviceTree

  /// The tree up to the end of the structure block.
  private let bytes: ByteView

  /// Where the next token starts, in bytes from the start of the tree.
  private(set) var offset: Int

  /// Where the token that was read last starts.
  private(set) var start: Int

  init(_ tree: DeviceTree, at offset: Int) {
    self.tree = tree
    bytes = tree.bytes[0..<tree.structure.upperBound]
    self.offset = offset
    start = offset
  }

  @inline(never)
  mutating func next() throws(DeviceTreeError) -> Token { try step() }

  /// Like ``next()``, inlined, for the loop of ``DeviceTree/bootInfo(hart:)``:
  /// there the reader stays in registers.
  @inline(__always)
  mutating func step() throws(DeviceTreeError) -> Token {
    var kind = try kind(at: offset)
    // Software that removes a node or property leaves NOP tokens there.
    while kind == TokenKind.nothing {
      offset &+= 4
      kind = try self.kind(at: offset)
    }
    start = offset
    switch kind {
    case TokenKind.beginNode: return try beginNode()
    case TokenKind.endNode:
      offset &+= 4
      return .endNode
    case TokenKind.property: return try property()
    case TokenKind.end:
      offset &+= 4
      return .end
    default: throw DeviceTreeError(.unexpectedToken, at: offset)
    }
  }

  // Offsets stay below the size of the tree, and lengths below 4 GiB: no sum
  // of them overflows.

  /// A token's first cell, as this machine reads it.
  @inline(__always)
  private func kind(at offset: Int) throws(DeviceTreeError) -> UInt32 {
    guard let word = bytes.alignedWord(at: offset) else {
      throw DeviceTreeError(.endsTooEarly, at: offset)
    }
    return word
  }

  @inline(__always)
  private func cell(at offset: Int) throws(DeviceTreeError) -> UInt32 {
    guard let cell = bytes.bigEndian32(at: offset) else {
      throw DeviceTreeError(.endsTooEarly, at: offset)
    }
    return cell
  }

  @inline(__always)
  private mutating func beginNode() throws(DeviceTreeError) -> Token {
    let from = offset &+ 4
    try skipName()
    // Up to four zeros stand at its end.
    var end = offset &- 1
    while end > from, bytes[end &- 1] == 0 { end &-= 1 }
    guard let name = bytes.part(from: from, count: end &- from) else {
      throw DeviceTreeError(.unterminatedString, at: from)
    }
    return .beginNode(name: name)
  }

  @inline(__always)
  private mutating func property() throws(DeviceTreeError) -> Token {
    let length = Int(try cell(at: offset &+ 4))
    let name = Int(try cell(at: offset &+ 8))
    let place = offset &+ 12
    guard let value = bytes.part(from: place, count: length) else {
      throw DeviceTreeError(.endsTooEarly, at: offset &+ 4)
    }
    guard name < tree.strings.count,
      let names = tree.strings.part(
        from: name, count: tree.strings.count &- name)
    else { throw DeviceTreeError(.blockOutside, at: offset &+ 8) }
    offset = place &+ length.roundedUpToCell
    return .property(Property(value: value, offset: place, names: names))
  }

  /// Moves behind the end of the node that was begun last, and of all nodes
  /// inside it, and looks at little but lengths: about half the cost of
  /// reading them.
  ///
  /// - Parameter initial: If one of the node's own properties begins with this
  ///   byte, it is not skipped, and can be read from its beginning.
  /// - Returns: Whether it was skipped.
  /// - Throws: What is malformed.
  @inline(__always)
  mutating func skipNode(
    unlessOwn initial: UInt8
  ) throws(DeviceTreeError) -> Bool {
    let inside = offset
    var wanted = initial
    var depth = 1
    while depth > 0 {
      start = offset
      switch try kind(at: offset) {
      case TokenKind.beginNode:
        depth &+= 1
        wanted = 0
        try skipName()
      case TokenKind.endNode:
        depth &-= 1
        offset &+= 4
      case TokenKind.property:
        if wanted != 0, try self.initial(at: offset) == wanted {
          offset = inside
          return false
        }
        let length = Int(try cell(at: offset &+ 4))
        offset &+= 12 &+ length.roundedUpToCell
      case TokenKind.nothing: offset &+= 4
      default: throw DeviceTreeError(.unexpectedToken, at: offset)
      }
    }
    return true
  }

  /// The first byte of the name of a property, or nil if it has none.
  @inline(__always)
  private func initial(at offset: Int) throws(DeviceTreeError) -> UInt8? {
    let name = Int(try cell(at: offset &+ 8))
    return name < tree.strings.count ? tree.strings[name] : nil
  }

  /// A name is padded with zeros, so the cell in which it ends is the first
  /// whose last byte is zero.
  @inline(__always)
  private mutating func skipName() throws(DeviceTreeError) {
    let from = offset &+ 4
    repeat {
      offset &+= 4
      guard offset <= bytes.count &- 4 else {
        throw DeviceTreeError(.unterminatedString, at: from)
      }
    } while bytes[offset &+ 3] != 0
    offset &+= 4
  }
}

extension Int {
  /// This many bytes and the padding after them: tokens start at multiples
  /// of four.
  var roundedUpToCell: Int { (self &+ 3) & ~3 }
}

extension ByteView {
  /// Whether these bytes start with the bytes of `text`.
  func starts(with text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    return length <= count && self[0..<length] == text
  }

  /// Whether a node with this name is called `text`, with an address or
  /// without.
  @inline(never)
  func isNamed(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    return starts(with: text) && (count == length || self[length] == 0x40)
  }
}
