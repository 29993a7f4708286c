// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// What the structure block consists of (section 5.4.1).
enum Token {
  case beginNode(name: Range<Int>)
  case property
  case endNode
  case end
}

/// The first cell of each kind of token, as a little-endian hart loads it: no
/// bytes need to be swapped to compare it.
private enum TokenKind {
  static var beginNode: UInt32 { 1 << 24 }
  static var endNode: UInt32 { 2 << 24 }
  static var property: UInt32 { 3 << 24 }
  static var nop: UInt32 { 4 << 24 }
  static var end: UInt32 { 9 << 24 }
}

/// A property as it stands in the structure block. Its value is inside of the
/// block; its name is not looked at yet.
struct PropertyToken {
  /// Where the value starts, in bytes from the start of the tree.
  let offset: Int

  /// How many bytes the value has.
  let length: Int

  /// Where the name starts in the strings block, as this hart loads the cell.
  let nameWord: UInt32
}

/// Reads the structure block token by token.
///
///     BEGIN_NODE "soc" | PROP length, name, value | … | END_NODE | END
///
/// Each step moves on by at least one word, so reading always comes to an
/// end. Its functions are compiled into the loops that call them, where the
/// position stays in a register.
struct TokenReader {
  private let words: WordView

  /// Which word comes next, counted from the start of the tree.
  private var position: Int

  /// Where the token that was read last starts, in bytes from the start of the
  /// tree.
  private(set) var start: Int

  /// Where the next token starts, or a NOP before it.
  var offset: Int { position &* 4 }

  init(_ tree: DeviceTree, at offset: Int) {
    words = WordView(tree.bytes[0..<tree.structure.upperBound])
    position = offset / 4
    start = offset
  }

  /// Passes NOP tokens, which stand where something was taken out.
  ///
  /// - Returns: The first cell of the token that is next.
  @inline(__always)
  private mutating func skipNops() throws(DeviceTreeError) -> UInt32 {
    var kind = try word(position)
    while kind == TokenKind.nop {
      position &+= 1
      kind = try word(position)
    }
    return kind
  }

  /// The next token. A property is not passed: see ``nextProperty()``.
  @inline(__always)
  mutating func next() throws(DeviceTreeError) -> Token {
    let kind = try skipNops()
    start = offset
    switch kind {
    case TokenKind.beginNode: return .beginNode(name: try name())
    case TokenKind.property: return .property
    case TokenKind.endNode:
      position &+= 1
      return .endNode
    case TokenKind.end:
      position &+= 1
      return .end
    default: throw DeviceTreeError(.unexpectedToken, at: offset)
    }
  }

  /// The next token if it is a property, or nil; then it is not passed.
  @inline(__always)
  mutating func nextProperty() throws(DeviceTreeError) -> PropertyToken? {
    guard try skipNops() == TokenKind.property else { return nil }
    return try property()
  }

  // Positions stay below the number of words, and lengths below 4 GiB: no sum
  // of them overflows.

  @inline(__always)
  private func word(_ index: Int) throws(DeviceTreeError) -> UInt32 {
    guard let word = words[index] else {
      throw DeviceTreeError(.endsTooEarly, at: index &* 4)
    }
    return word
  }

  /// The big-endian number in a word. Nearly all fit a byte, which takes fewer
  /// instructions than to swap all four.
  @inline(__always)
  private func length(at index: Int) throws(DeviceTreeError) -> Int {
    let word = try word(index)
    return word << 8 == 0 ? Int(word >> 24) : Self.swap(word)
  }

  @inline(never)
  private static func swap(_ word: UInt32) -> Int {
    Int(UInt32(bigEndian: word))
  }

  @inline(__always)
  private mutating func property() throws(DeviceTreeError) -> PropertyToken {
    let length = try length(at: position &+ 1)
    let name = try word(position &+ 2)
    let start = (position &+ 3) &* 4
    guard length <= words.count &* 4 &- start else {
      throw DeviceTreeError(.endsTooEarly, at: (position &+ 1) &* 4)
    }
    position = (start &+ length &+ 3) >> 2
    return PropertyToken(offset: start, length: length, nameWord: name)
  }

  /// Passes the beginning of a node, and finds its name: up to four zeros
  /// stand at the end.
  @inline(__always)
  private mutating func name() throws(DeviceTreeError) -> Range<Int> {
    let start = (position &+ 1) &* 4
    let last = try skipName()
    var end = position &* 4 &- 1
    if last >> 16 == 0 {
      end &-= last == 0 ? 3 : last >> 8 == 0 ? 2 : 1
    }
    return start..<end
  }

  /// Passes the name of a node, which is padded with zeros: the word in which
  /// it ends is the first whose last byte is zero.
  ///
  /// - Returns: That word, as a little-endian hart loads it.
  @inline(__always) @discardableResult
  private mutating func skipName() throws(DeviceTreeError) -> UInt32 {
    let start = position &+ 1
    var last: UInt32 = 0
    repeat {
      position &+= 1
      guard let word = words[position] else {
        throw DeviceTreeError(.unterminatedString, at: start &* 4)
      }
      last = word
    } while last >> 24 != 0
    position &+= 1
    return last
  }

  /// Passes properties up to the first whose name begins with `initial`, or a
  /// NOP, which may hide one.
  ///
  /// - Returns: Whether there is any.
  @inline(__always)
  mutating func skipProperties(
    until initial: UInt8, _ strings: ByteView
  ) throws(DeviceTreeError) -> Bool {
    while try word(position) == TokenKind.property {
      let name = try length(at: position &+ 2)
      if name < strings.count, strings[name] == initial { return true }
      try skipProperty()
    }
    return try word(position) == TokenKind.nop
  }

  @inline(__always)
  private mutating func skipProperty() throws(DeviceTreeError) {
    let length = try length(at: position &+ 1)
    position &+= 3 &+ (length &+ 3) >> 2
  }

  /// Moves to the end of the node that was begun last, past all nodes inside
  /// it. Looks at little but lengths: less than half the cost of reading them.
  @inline(__always)
  mutating func skipToEnd() throws(DeviceTreeError) {
    var depth = 0
    while true {
      let kind = try word(position)
      if kind == TokenKind.property {
        try skipProperty()
      } else if kind == TokenKind.beginNode {
        depth &+= 1
        try skipName()
      } else if kind == TokenKind.endNode {
        if depth == 0 { return }
        depth &-= 1
        position &+= 1
      } else {
        try skipNop()
      }
    }
  }

  /// Passes a NOP, which is rare: with a fourth case, the loop above would
  /// compute a number from each token first.
  @inline(never)
  private mutating func skipNop() throws(DeviceTreeError) {
    guard try word(position) == TokenKind.nop else {
      throw DeviceTreeError(.unexpectedToken, at: offset)
    }
    position &+= 1
  }
}
