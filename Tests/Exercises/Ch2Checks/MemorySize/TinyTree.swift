// SPDX-License-Identifier: BSD-3-Clause

import DeviceTree
import Hart

/// Writes a small device tree into a buffer of its own: no heap is needed.
///
///     var tree = TinyTree()
///     tree.begin("")
///     tree.property(.addressCells, 2)
///     …
///     tree.end()
///     try tree.withTree { tree in … }
struct TinyTree {
  /// The names that this tree knows, each with its place among the strings.
  enum Name: UInt32 {
    case addressCells = 0
    case sizeCells = 15
    case deviceType = 27
    case reg = 39
    case status = 43
  }

  private static let strings: StaticString =
    "#address-cells\0#size-cells\0device_type\0reg\0status\0"
  private static let stringsSize = 50
  private static let structure = 56

  private var bytes: [1024 of UInt8] = .init(repeating: 0)
  private var count = TinyTree.structure

  /// A tree without a node.
  init() {}

  /// Starts a node.
  mutating func begin(_ name: StaticString) {
    cell(1)
    text(name)
  }

  /// Ends the node.
  mutating func end() { cell(2) }

  /// A property with one number.
  mutating func property(_ name: Name, _ number: UInt32) {
    header(name, size: 4)
    cell(number)
  }

  /// A property with a text.
  mutating func property(_ name: Name, _ value: StaticString) {
    header(name, size: UInt32(value.utf8CodeUnitCount) + 1)
    text(value)
  }

  /// A `reg` with one region, its numbers of so many cells.
  mutating func region(
    _ start: UInt64, _ size: UInt64, addressCells: Int = 2, sizeCells: Int = 2
  ) {
    header(.reg, size: UInt32(4 * (addressCells + sizeCells)))
    number(start, cells: addressCells)
    number(size, cells: sizeCells)
  }

  /// A word that is none of the format's marks.
  mutating func damage() { cell(0x77) }

  /// Completes the tree and lends it to `body`; nil if it cannot be read.
  mutating func withTree<Result>(_ body: (DeviceTree) -> Result) -> Result? {
    cell(9)
    let strings = count
    text(Self.strings)
    let size = count
    count = 0
    cell(0xD00D_FEED)
    cell(UInt32(size))
    cell(UInt32(Self.structure))
    cell(UInt32(strings))
    cell(40)  // the reservations: two zeros
    cell(17)
    cell(16)
    cell(0)
    cell(UInt32(Self.stringsSize))
    cell(UInt32(strings - Self.structure))
    return unsafe bytes.span.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress,
        let tree = try? DeviceTree(unsafe ByteView(at: start, count: size))
      else { return nil }
      return body(tree)
    }
  }

  private mutating func header(_ name: Name, size: UInt32) {
    cell(3)
    cell(size)
    cell(name.rawValue)
  }

  private mutating func cell(_ number: UInt32) {
    byte(UInt8(truncatingIfNeeded: number >> 24))
    byte(UInt8(truncatingIfNeeded: number >> 16))
    byte(UInt8(truncatingIfNeeded: number >> 8))
    byte(UInt8(truncatingIfNeeded: number))
  }

  private mutating func number(_ number: UInt64, cells: Int) {
    if cells == 2 { cell(UInt32(number >> 32)) }
    cell(UInt32(truncatingIfNeeded: number))
  }

  private mutating func text(_ text: StaticString) {
    let view = ByteView(text)
    for index in view.indices { byte(view[index]) }
    byte(0)
    while count % 4 != 0 { byte(0) }
  }

  private mutating func byte(_ value: UInt8) {
    bytes[count] = value
    count += 1
  }
}
