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

  /// Where the next token starts, in bytes from the start of the tree.
  private(set) var offset: Int

  /// Where the token that was read last starts.
  private(set) var start: Int

  init(_ tree: DeviceTree, at offset: Int) {
    self.tree = tree
    self.offset = offset
    start = offset
  }

  mutating func next() throws(DeviceTreeError) -> Token {
    skipPadding()
    start = offset
    switch try cell(at: offset) {
    case 1: return try beginNode()
    case 2:
      offset += 4
      return .endNode
    case 3: return try property()
    case 9:
      offset += 4
      return .end
    default: throw DeviceTreeError(.unexpectedToken, at: offset)
    }
  }

  /// Moves past NOP tokens, which stand where something was taken out.
  private mutating func skipPadding() {
    while offset <= tree.structure.upperBound - 4,
      tree.bytes.bigEndian32(at: offset) == 4
    { offset += 4 }
  }

  private func cell(at offset: Int) throws(DeviceTreeError) -> UInt32 {
    guard offset <= tree.structure.upperBound - 4,
      let cell = tree.bytes.bigEndian32(at: offset)
    else { throw DeviceTreeError(.endsTooEarly, at: offset) }
    return cell
  }

  private mutating func beginNode() throws(DeviceTreeError) -> Token {
    let rest = tree.bytes[offset + 4..<tree.structure.upperBound]
    guard let length = rest.firstIndex(of: 0) else {
      throw DeviceTreeError(.unterminatedString, at: offset + 4)
    }
    offset += 4 + (length + 1).roundedUpToCell
    return .beginNode(name: rest[0..<length])
  }

  private mutating func property() throws(DeviceTreeError) -> Token {
    let length = Int(try cell(at: offset + 4))
    let name = Int(try cell(at: offset + 8))
    let value = offset + 12
    guard length <= tree.structure.upperBound - value else {
      throw DeviceTreeError(.endsTooEarly, at: offset + 4)
    }
    guard name < tree.strings.count else {
      throw DeviceTreeError(.blockOutside, at: offset + 8)
    }
    let property = Property(
      value: tree.bytes[value..<value + length], offset: value,
      names: tree.strings[name..<tree.strings.count])
    offset = value + length.roundedUpToCell
    return .property(property)
  }
}

extension Int {
  /// This many bytes and the padding after them: tokens start at multiples
  /// of four.
  var roundedUpToCell: Int { (self + 3) & ~3 }
}

extension ByteView {
  /// Where the first `byte` is, or nil if there is none.
  func firstIndex(of byte: UInt8) -> Int? {
    for index in indices where self[index] == byte { return index }
    return nil
  }

  /// Whether these bytes start with the bytes of `text`.
  func starts(with text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    return length <= count && self[0..<length] == text
  }
}
