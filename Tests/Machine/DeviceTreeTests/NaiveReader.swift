// SPDX-License-Identifier: BSD-3-Clause

/// A flattened tree that the second reader refuses.
struct Malformed: Error {}

extension Tree {
  /// What `bytes` hold, read with none of the library's code: everything is
  /// copied, nothing is remembered on the way, and nothing is quick.
  ///
  /// Stricter than the library, which reads no more than it is asked for: all
  /// of the tree must be well-formed.
  init(flattened bytes: [UInt8]) throws {
    var reader = try NaiveReader(bytes)
    guard try reader.cell() == 1 else { throw Malformed() }
    self = try reader.node()
    guard try reader.cell() == 9 else { throw Malformed() }
  }

  /// The entries of the reservation block in `bytes`.
  static func reservations(in bytes: [UInt8]) throws -> [(UInt64, UInt64)] {
    var reader = try NaiveReader(bytes)
    reader.position = Int(bytes[cell: 16])
    var entries: [(UInt64, UInt64)] = []
    while true {
      let entry = (try reader.number(2), try reader.number(2))
      if entry == (0, 0) { return entries }
      entries.append(entry)
    }
  }
}

/// Reads the structure block from its beginning to its end.
private struct NaiveReader {
  let bytes: [UInt8]
  let strings: [UInt8]
  var position: Int

  init(_ bytes: [UInt8]) throws {
    guard bytes.count >= 40, bytes[cell: 0] == 0xd00d_feed else {
      throw Malformed()
    }
    self.bytes = bytes
    position = Int(bytes[cell: 8])
    let start = Int(bytes[cell: 12])
    let end = start + Int(bytes[cell: 32])
    guard end <= bytes.count else { throw Malformed() }
    strings = Array(bytes[start..<end])
  }

  /// The next cell that is no NOP where a token is expected.
  mutating func cell() throws -> UInt32 {
    while true {
      let cell = try number(1)
      if cell != 4 { return UInt32(cell) }
    }
  }

  /// A number of `count` cells, whatever they say.
  mutating func number(_ count: Int) throws -> UInt64 {
    let bytes = try take(4 * count)
    return bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws -> [UInt8] {
    guard position + count <= bytes.count else { throw Malformed() }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// The zeros up to the next cell.
  private mutating func pad() throws {
    while position % 4 != 0 {
      guard try take(1) == [0] else { throw Malformed() }
    }
  }

  /// A node whose first cell was read.
  mutating func node() throws -> Tree {
    var name: [UInt8] = []
    while let byte = try take(1).first, byte != 0 { name.append(byte) }
    try pad()
    var tree = Tree(String(decoding: name, as: UTF8.self))
    while true {
      switch try cell() {
      case 1: tree.children.append(try node())
      case 2: return tree
      case 3 where tree.children.isEmpty:
        tree.properties.append(try property())
      default: throw Malformed()
      }
    }
  }

  private mutating func property() throws -> Tree.Fact {
    let (length, name) = (Int(try number(1)), Int(try number(1)))
    guard name < strings.count else { throw Malformed() }
    let value = try take(length)
    while position % 4 != 0 { _ = try take(1) }
    let text = strings[name...].prefix { $0 != 0 }
    return Tree.Fact(
      name: String(decoding: text, as: UTF8.self), value: value)
  }
}

extension Tree {
  /// The value of the first property called `name`, or nil.
  subscript(name: String) -> [UInt8]? {
    properties.first { $0.name == name }?.value
  }

  /// Whether the name without its unit address is `text`.
  func isCalled(_ text: String) -> Bool {
    name == text || name.hasPrefix("\(text)@")
  }

  /// The strings of a property; none if it is missing.
  func strings(_ name: String) throws -> [String] {
    guard let value = self[name], !value.isEmpty else { return [] }
    guard value.last == 0 else { throw Malformed() }
    return value.dropLast().split(
      separator: 0, omittingEmptySubsequences: false
    )
    .map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the device can be used.
  func isOkay() throws -> Bool {
    guard self["status"] != nil else { return true }
    guard let status = try strings("status").first else { throw Malformed() }
    return status == "okay" || status == "ok"
  }

  /// How many cells addresses and sizes take in the `reg` of the children.
  func cellCounts() throws -> (address: Int, size: Int) {
    func count(_ name: String, or missing: Int) throws -> Int {
      guard let value = self[name] else { return missing }
      guard value.count == 4, value[cell: 0] <= 4 else { throw Malformed() }
      return Int(value[cell: 0])
    }
    return (
      try count("#address-cells", or: 2), try count("#size-cells", or: 1)
    )
  }
}

/// Numbers of the widths `widths`, again and again, that `value` consists of.
func rows(_ value: [UInt8], _ widths: [Int]) throws -> [[UInt64]] {
  let size = widths.reduce(0, +) * 4
  guard !value.isEmpty else { return [] }
  guard size > 0, value.count % size == 0 else { throw Malformed() }
  return try stride(from: 0, to: value.count, by: size).map { start in
    var start = start
    return try widths.map { width in
      let bytes = value[start..<start + 4 * width]
      start += 4 * width
      guard bytes.dropLast(8).allSatisfy({ $0 == 0 }) else {
        throw Malformed()
      }
      return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
