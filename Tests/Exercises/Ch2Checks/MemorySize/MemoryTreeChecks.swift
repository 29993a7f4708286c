// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import DeviceTree
import Exercise_2_2
import Grading

func checkMemoryTrees(_ grader: inout Grader) {
  grader.check("a tree's memory nodes are added, others are not", worth: 2) {
    report in
    report.expectTree(first: 0x800_0000, is: .size(0x800_1000))
    report.expectTree(first: 0x1_2345_6789, is: .size(0x1_2345_7789))
  }
  grader.check("the root tells the widths", worth: 2) { report in
    report.expectWidths(1, 1)
    report.expectWidths(1, 2)
    report.expectWidths(2, 1)
    report.expectWidths(2, 2)
  }
  grader.check("the type of a node counts, not its name", worth: 2) {
    report in report.expectTypes()
  }
  grader.check("only children of the root count", worth: 2) { report in
    report.expectChildren()
  }
  checkStates(&grader)
  checkDamage(&grader)
  #if arch(riscv64)
    grader.check("the board's own memory is found") { report in
      report.expectBoard()
    }
  #endif
}

private func checkStates(_ grader: inout Grader) {
  grader.check("memory counts if its status is okay") { report in
    report.expectStatus("okay", counts: true)
    report.expectStatus("disabled", counts: false)
    report.expectStatus("fail", counts: false)
    report.expectStatus("reserved", counts: false)
  }
}

private func checkDamage(_ grader: inout Grader) {
  grader.check("the sum over the nodes may not fit") { report in
    report.expectTree(
      first: UInt64.max - 0xFF, is: .error(.tooLarge))
  }
  grader.check("a tree that does not tell the widths is damaged") { report in
    for lacking in 0..<3 {
      var tree = TinyTree()
      tree.begin("")
      if lacking == 1 { tree.property(.addressCells, 2) }
      if lacking == 2 { tree.property(.sizeCells, 2) }
      tree.end()
      report.expect(
        &tree, is: .error(.damagedTree),
        given: lacking == 0
          ? "a root without properties"
          : lacking == 1
            ? "a root without #size-cells" : "a root without #address-cells")
    }
  }
  grader.check("what is wrong inside a tree is an error, too") { report in
    report.expectErrorsInside()
  }
}

extension Report {
  mutating func expect(
    _ got: Outcome, is expected: Outcome, given: @autoclosure () -> Message
  ) {
    expect(
      got == expected, given: given(), expected: "\(expected)",
      got: "\(got)")
  }

  mutating func expect(
    _ tree: inout TinyTree, is expected: Outcome,
    given: @autoclosure () -> Message
  ) {
    expect(
      tree.withTree { Outcome(of: $0) } ?? .unreadable, is: expected,
      given: given())
  }

  /// Two memory nodes, one that is disabled, and a device.
  fileprivate mutating func expectTree(
    first size: UInt64, is expected: Outcome
  ) {
    var tree = TinyTree()
    tree.beginRoot(2, 2)
    tree.node("memory@80000000", type: "memory", size: size)
    tree.node("serial@10000000", type: "serial", size: 0x100)
    tree.node("memory@0", type: "memory", status: "disabled", size: 0x2000)
    tree.node("memory@1000", type: "memory", status: "okay", size: 0x1000)
    tree.end()
    expect(
      &tree, is: expected,
      given: "memory of \(size) and 4096 bytes, and 8192 disabled")
  }

  #if arch(riscv64)
    fileprivate mutating func expectBoard() {
      var expected: UInt64 = 0
      try? Board.deviceTree?.forEachMemoryRegion {
        memory throws(DeviceTreeError) in expected += memory.size
      }
      expect(
        Board.deviceTree.map { Outcome(of: $0) } ?? .unreadable,
        is: .size(expected), given: "the tree that the firmware hands over")
    }
  #endif
}
