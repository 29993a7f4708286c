// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// One named fact about a node. What its bytes mean is a matter of its name.
public struct Property: Sendable {
  /// The bytes as they are, possibly none (section 2.2.4).
  public let value: ByteView

  /// Where the value starts, in bytes from the start of the device tree.
  public let offset: Int

  /// The strings block from this property's name on.
  let names: ByteView

  /// What the property is called, without the zero at its end.
  public var name: ByteView {
    names[0..<(names.firstIndex(of: 0) ?? names.count)]
  }

  /// Whether this property is called `text`.
  public func isNamed(_ text: StaticString) -> Bool {
    isNamed(ByteView(text))
  }

  func isNamed(_ text: ByteView) -> Bool { names.startsWithName(text) }

  /// The value as one 32-bit number.
  ///
  /// - Throws: `badValue` unless the value is four bytes long.
  public func number32() throws(DeviceTreeError) -> UInt32 {
    guard value.count == 4, let number = value.bigEndian32(at: 0) else {
      throw DeviceTreeError(.badValue, at: offset)
    }
    return number
  }

  /// The value as one number of 32 or 64 bits.
  ///
  /// - Throws: `badValue` unless the value is four or eight bytes long.
  @inline(never)
  public func number() throws(DeviceTreeError) -> UInt64 {
    if value.count == 8, let number = value.bigEndian64(at: 0) { return number }
    return UInt64(try number32())
  }

  /// The value as text: its first string, without the zero at its end.
  ///
  /// - Throws: `unterminatedString` if no byte of the value is zero.
  @inline(never)
  public func string() throws(DeviceTreeError) -> ByteView {
    guard let length = value.firstIndex(of: 0) else {
      throw DeviceTreeError(.unterminatedString, at: offset)
    }
    return value[0..<length]
  }

  /// The value as a list of strings.
  public func strings() -> Strings {
    Strings(rest: value, offset: offset)
  }

  /// Whether `text` is one of the strings of the value.
  ///
  /// - Throws: `unterminatedString` if a string before it does not end.
  @inline(never)
  public func contains(_ text: StaticString) throws(DeviceTreeError) -> Bool {
    let text = ByteView(text)
    var rest = value
    while rest.count > 0 {
      if rest.startsWithName(text) { return true }
      guard let length = rest.firstIndex(of: 0) else {
        throw DeviceTreeError(
          .unterminatedString, at: offset + value.count - rest.count)
      }
      rest = rest[length + 1..<rest.count]
    }
    return false
  }
}

extension ByteView {
  /// Whether the string that starts here and ends with a zero is `text`.
  func startsWithName(_ text: ByteView) -> Bool {
    guard count > text.count, self[text.count] == 0 else { return false }
    var index = 0
    while index < text.count, self[index] == text[index] { index &+= 1 }
    return index == text.count
  }

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

extension DeviceTree {
  /// The property that `token` stands for.
  func property(_ token: PropertyToken) throws(DeviceTreeError) -> Property {
    Property(
      value: bytes[token.offset..<token.offset + token.length],
      offset: token.offset, names: try token.names(in: strings))
  }
}

extension PropertyToken {
  /// The strings block from this property's name on.
  ///
  /// - Throws: `blockOutside` if the name is not in the block.
  @inline(__always)
  func names(in strings: ByteView) throws(DeviceTreeError) -> ByteView {
    guard let names = strings.from(Int(UInt32(bigEndian: nameWord))) else {
      throw DeviceTreeError(.blockOutside, at: offset - 4)
    }
    return names
  }
}

extension ByteView {
  /// The bytes from `start` on, or nil if there are none.
  @inline(__always)
  fileprivate func from(_ start: Int) -> ByteView? {
    start < count ? part(from: start, count: count - start) : nil
  }
}

/// The strings of a property's value, one after another.
public struct Strings: Sendable {
  private var rest: ByteView
  private var offset: Int

  init(rest: ByteView, offset: Int) {
    self.rest = rest
    self.offset = offset
  }

  /// The next string without the zero at its end, or nil after the last.
  ///
  /// - Throws: `unterminatedString` if the value ends before the string does.
  @inline(never)
  public mutating func next() throws(DeviceTreeError) -> ByteView? {
    guard rest.count > 0 else { return nil }
    guard let length = rest.firstIndex(of: 0) else {
      throw DeviceTreeError(.unterminatedString, at: offset)
    }
    let string = rest[0..<length]
    rest = rest[length + 1..<rest.count]
    offset += length + 1
    return string
  }
}
