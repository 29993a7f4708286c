// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// One step in the structure block (section 5.4.1).
enum Token {
  case beginNode(name: ByteView)
  case endNode
  case property(Property)
  case end
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

  mutating func next() throws(DeviceTreeError) -> Token { try step() }

  /// The same, for the one loop that every boot goes through: compiled into
  /// it, the reader stays in registers.
  @inline(__always)
  mutating func step() throws(DeviceTreeError) -> Token {
    var kind = try cell(at: offset)
    // NOP tokens stand where something was taken out.
    while kind == 4 {
      offset &+= 4
      kind = try cell(at: offset)
    }
    start = offset
    switch kind {
    case 1: return try beginNode()
    case 2:
      offset &+= 4
      return .endNode
    case 3: return try property()
    case 9:
      offset &+= 4
      return .end
    default: throw DeviceTreeError(.unexpectedToken, at: offset)
    }
  }

  // Offsets stay below the size of the tree, and lengths below 4 GiB: no sum
  // of them overflows.

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
    guard let rest = bytes.part(from: from, count: bytes.count &- from),
      let length = rest.firstIndex(of: 0),
      let name = rest.part(from: 0, count: length)
    else { throw DeviceTreeError(.unterminatedString, at: from) }
    offset = from &+ (length &+ 1).roundedUpToCell
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
  /// inside it, and looks at nothing but lengths: about half the cost of
  /// reading them.
  @inline(__always)
  mutating func skipNode() throws(DeviceTreeError) {
    var depth = 1
    while depth > 0 {
      start = offset
      switch try cell(at: offset) {
      case 1:
        depth &+= 1
        try skipName()
      case 2:
        depth &-= 1
        offset &+= 4
      case 3:
        let length = Int(try cell(at: offset &+ 4))
        offset &+= 12 &+ length.roundedUpToCell
      case 4: offset &+= 4
      default: throw DeviceTreeError(.unexpectedToken, at: offset)
      }
    }
  }

  /// A name is padded with zeros, so the cell in which it ends is the first
  /// whose last byte is zero.
  @inline(__always)
  private mutating func skipName() throws(DeviceTreeError) {
    offset &+= 4
    while try cell(at: offset) & 0xFF != 0 { offset &+= 4 }
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
}
