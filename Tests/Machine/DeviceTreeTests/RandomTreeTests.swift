// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Hart
import TestSupport
import Testing

@testable import DeviceTree

/// Trees made at random, and read back.
@Suite struct `A tree made at random` {
  @Test func `is read back as it was written`() throws {
    for seed in 0..<2_000 {
      let tree = Tree.random(seed: UInt64(seed))
      let read = try Tree(DeviceTree(kept(tree.flattened())).root())
      try #require(read == tree, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<10)
  func `is read alike after dtc wrote it anew`(seed: Int) throws {
    let tree = Tree.random(seed: UInt64(seed))
    let folder = try TemporaryFolder()
    let (from, to) = (folder / "in.dtb", folder / "out.dtb")
    try Data(tree.flattened()).write(to: from)
    // -f: random values are not what dtc's checks expect.
    _ = try run(
      "dtc",
      ["-q", "-f", "-I", "dtb", "-O", "dtb", "-o", to.path, from.path])
    let bytes = [UInt8](try Data(contentsOf: to))
    let read = try Tree(DeviceTree(kept(bytes)).root())
    #expect(read == tree, "seed \(seed)")
  }

  @Test func `is walked from any node as from the root`() throws {
    for seed in 0..<200 {
      let bytes = Tree.random(seed: UInt64(seed)).flattened()
      var nodes = try tree(bytes).nodes()
      var all: [Node] = []
      while let node = try nodes.next() { all.append(node) }
      for (index, node) in all.enumerated() {
        let below = all[(index + 1)...].prefix { $0.depth > node.depth }
        let expected = try Tree(node).count - 1
        try #require(below.count == expected, "seed \(seed)")
      }
    }
  }
}

extension Tree {
  /// What a walk from `node` finds.
  init(_ node: Node) throws {
    name = String(node.name)
    var facts = node.properties()
    while let fact = try facts.next() {
      properties.append(
        Fact(name: String(fact.name), value: [UInt8](fact.value)))
    }
    var nodes = node.children()
    while let child = try nodes.next() { children.append(try Tree(child)) }
  }

  /// How many nodes there are.
  var count: Int { children.reduce(1) { $0 + $1.count } }

  static func random(seed: UInt64) -> Tree {
    var numbers = SeededNumbers(seed: seed)
    return random("", depth: 0, with: &numbers)
  }

  private static func random(
    _ name: String, depth: Int, with numbers: inout SeededNumbers
  ) -> Tree {
    var tree = Tree(name)
    for index in 0..<numbers.below(5) {
      let value = (0..<numbers.below(12)).map { _ in
        UInt8(numbers.below(256))
      }
      tree.properties.append(
        .init(name: "fact\(index)\(numbers.below(9))", value: value))
    }
    guard depth < 5 else { return tree }
    for index in 0..<numbers.below(4) {
      let name = "node\(numbers.below(100))@\(index)"
      tree.children.append(random(name, depth: depth + 1, with: &numbers))
    }
    return tree
  }
}
