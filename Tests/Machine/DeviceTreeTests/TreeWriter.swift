// SPDX-License-Identifier: BSD-3-Clause

/// A device tree to be written, and what was read of one.
struct Tree: Equatable, CustomStringConvertible {
  struct Fact: Equatable {
    var name: String
    var value: [UInt8]
  }

  var name = ""
  var properties: [Fact] = []
  var children: [Tree] = []

  init(_ name: String = "", _ properties: [Fact] = [], _ children: [Tree] = [])
  {
    self.name = name
    self.properties = properties
    self.children = children
  }

  var description: String {
    let facts = properties.map { "\($0.name)=\($0.value)" }
    return
      "\(name){\((facts + children.map(\.description)).joined(separator: ";"))}"
  }
}

/// A property of 32-bit cells.
func cells(_ name: String, _ values: UInt32...) -> Tree.Fact {
  .init(name: name, value: values.flatMap(\.bigEndianBytes))
}

/// A property of strings.
func text(_ name: String, _ strings: String...) -> Tree.Fact {
  .init(name: name, value: strings.flatMap { Array($0.utf8) + [0] })
}

extension UInt32 {
  var bigEndianBytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * $0)) }
  }
}

extension Tree {
  /// The flattened form: header, reservations, structure, strings.
  func flattened(reservations: [(UInt64, UInt64)] = []) -> [UInt8] {
    var writer = Writer()
    writer.write(self)
    writer.cell(9)
    let reserved = (reservations + [(0, 0)]).flatMap { start, size in
      [start, size].flatMap {
        UInt32($0 >> 32).bigEndianBytes
          + UInt32(truncatingIfNeeded: $0).bigEndianBytes
      }
    }
    let structure = 40 + reserved.count
    let strings = structure + writer.structure.count
    let header: [Int] = [
      0xd00d_feed, strings + writer.strings.count, structure, strings, 40, 17,
      16, 0, writer.strings.count, writer.structure.count,
    ]
    return header.flatMap { UInt32($0).bigEndianBytes } + reserved
      + writer.structure + writer.strings
  }

  private struct Writer {
    var structure: [UInt8] = []
    var strings: [UInt8] = []
    var places: [String: Int] = [:]

    mutating func cell(_ value: Int) {
      structure += UInt32(value).bigEndianBytes
    }

    mutating func pad() {
      while structure.count % 4 != 0 { structure.append(0) }
    }

    mutating func write(_ tree: Tree) {
      cell(1)
      structure += Array(tree.name.utf8) + [0]
      pad()
      for property in tree.properties {
        cell(3)
        cell(property.value.count)
        cell(place(of: property.name))
        structure += property.value
        pad()
      }
      for child in tree.children { write(child) }
      cell(2)
    }

    mutating func place(of name: String) -> Int {
      if let place = places[name] { return place }
      places[name] = strings.count
      defer { strings += Array(name.utf8) + [0] }
      return strings.count
    }
  }
}
