// SPDX-License-Identifier: BSD-3-Clause

import Console
import DeviceTree
import Exercise_2_2
import Grading

extension Report {
  /// A node's own widths are for its children.
  mutating func expectWidths(_ address: Int, _ size: Int) {
    var tree = TinyTree()
    tree.beginRoot(address, size)
    for number in 1...2 as ClosedRange<UInt64> {
      tree.begin("memory")
      tree.property(.deviceType, "memory")
      tree.property(.addressCells, UInt32(3 - address))
      tree.property(.sizeCells, UInt32(3 - size))
      tree.region(
        number << 28, number << 12, addressCells: address, sizeCells: size)
      tree.end()
    }
    tree.end()
    expect(
      &tree, is: .size(0x3000),
      given: """
        memory of 4096 and 8192 bytes; the root says \(address) and \(size) \
        cells, each node's own properties another number
        """)
  }

  mutating func expectTypes() {
    var tree = TinyTree()
    tree.beginRoot(2, 2)
    tree.node("ram@80000000", type: "memory", size: 0x4000)
    tree.node("memory@10000000", type: "cache", size: 0x100)
    tree.node("bank", type: "memory", size: 0x1000)
    tree.node("memory-controller", type: "memory-controller", size: 0x100)
    tree.begin("memory@20000000")
    tree.region(0x2000_0000, 0x100)
    tree.end()
    tree.end()
    expect(
      &tree, is: .size(0x5000),
      given: """
        device_type memory in \"ram\" of 16384 and in \"bank\" of 4096 bytes, \
        another one or none in two nodes named \"memory\"
        """)
  }

  mutating func expectChildren() {
    var tree = TinyTree()
    tree.beginRoot(2, 2)
    tree.begin("soc")
    tree.property(.addressCells, 2)
    tree.property(.sizeCells, 2)
    tree.node("memory@1000", type: "memory", size: 0x200)
    tree.end()
    tree.begin("memory@80000000")
    tree.property(.deviceType, "memory")
    tree.region(0x8000_0000, 0x4000)
    tree.node("memory@2000", type: "memory", size: 0x100)
    tree.end()
    tree.node("memory@90000000", type: "memory", size: 0x1000)
    tree.end()
    expect(
      &tree, is: .size(0x5000),
      given: """
        memory of 16384 and 4096 bytes below the root, and more memory \
        inside of a bus and inside of a memory node
        """)
  }

  mutating func expectStatus(
    _ status: StaticString, counts: Bool
  ) {
    var tree = TinyTree()
    tree.beginRoot(2, 2)
    tree.node("memory@0", type: "memory", status: status, size: 0x2000)
    tree.node("memory@80000000", type: "memory", size: 0x1000)
    tree.end()
    expect(
      &tree, is: .size(counts ? 0x3000 : 0x1000),
      given: """
        memory of 8192 bytes with the status \"\(status)\", and of 4096 \
        without a status
        """)
  }

  mutating func expectErrorsInside() {
    var tree = TinyTree()
    tree.beginRoot(2, 2)
    tree.node("memory@0", type: "memory", size: 0x1000)
    tree.begin("memory@1000")
    tree.property(.deviceType, "memory")
    tree.region(0x1000, 0x1000, addressCells: 2, sizeCells: 1)
    tree.end()
    tree.end()
    expect(
      &tree, is: .error(.endsTooEarly),
      given: "4096 bytes of memory, and a reg of 12 bytes where 16 are due")
    var wide = TinyTree()
    wide.beginRoot(3, 2)
    wide.node("memory@0", type: "memory", size: 0x1000)
    wide.end()
    expect(
      &wide, is: .error(.unknownWidth),
      given: "memory below a root with 3 and 2 cells")
    var damaged = TinyTree()
    damaged.beginRoot(2, 2)
    damaged.node("memory@0", type: "memory", size: 0x1000)
    damaged.damage()
    damaged.node("memory@1000", type: "memory", size: 0x1000)
    damaged.end()
    expect(
      &damaged, is: .error(.damagedTree),
      given: "a tree that cannot be read behind its first memory node")
  }
}

extension TinyTree {
  mutating func beginRoot(_ address: Int, _ size: Int) {
    begin("")
    property(.addressCells, UInt32(address))
    property(.sizeCells, UInt32(size))
  }

  mutating func node(
    _ name: StaticString, type: StaticString, status: StaticString? = nil,
    size: UInt64
  ) {
    begin(name)
    property(.deviceType, type)
    if let status { property(.status, status) }
    region(0x8000_0000, size)
    end()
  }
}
