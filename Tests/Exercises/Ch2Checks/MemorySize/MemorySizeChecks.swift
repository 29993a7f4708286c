// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_2_2
  import Boot
  import Console
  import DeviceTree
  import Exercise_2_2
  import Grading
  import Hart

  func checkMemorySize(_ grader: inout Grader) {
    grader.check("one region of two cells each has its size") { report in
      report.expect(
        "\0\0\0\0\0\0\0\u{7}\0\0\0\u{1}\0\0\0\u{2}", 2, 2,
        is: .size(1 << 32 + 2))
    }
    grader.check("the sizes of several regions are added") { report in
      report.expect(
        "\0\0\0\u{9}\0\0\u{10}\0\0\0\0\u{7}\0\0\0\u{20}", 1, 1,
        is: .size(0x1020))
      report.expect("", 2, 2, is: .size(0))
    }
    grader.check("address and size may differ in their width") { report in
      report.expect("\0\0\0\u{1}\0\0\0\u{2}\0\0\0\u{3}", 2, 1, is: .size(3))
      report.expect(
        "\0\0\0\u{1}\0\0\0\0\0\0\0\u{3}", 1, 2, is: .size(3))
    }
    grader.check("an incomplete region is an error") { report in
      report.expect("\0\0\0\u{1}\0\0\0", 1, 1, is: .error(.endsTooEarly))
      report.expect("\0\0\0\u{1}", 1, 1, is: .error(.endsTooEarly))
      report.expect(
        "\0\0\0\u{1}\0\0\0\u{2}\0", 1, 1, is: .error(.endsTooEarly))
    }
    grader.check("other widths than one or two cells are an error") { report in
      report.expect("\0\0\0\u{1}", 1, 0, is: .error(.unknownWidth))
      report.expect("\0\0\0\u{1}", 0, 1, is: .error(.unknownWidth))
      report.expect("", 3, 2, is: .error(.unknownWidth))
      report.expect("", -1, .max, is: .error(.unknownWidth))
    }
    grader.check("random bytes never trap, and add up exactly") { report in
      var random = report.random()
      for _ in 0..<1000 {
        guard report.expectRandomRegions(&random) else { return }
      }
    }
    checkTrees(&grader)
  }

  private func checkTrees(_ grader: inout Grader) {
    grader.check("a tree's memory nodes are added, others are not") { report in
      report.expectTree(first: 0x800_0000, is: .size(0x800_1000))
    }
    grader.check("the sum over the nodes may not fit") { report in
      report.expectTree(
        first: UInt64.max - 0xFF, is: .error(.tooLarge))
    }
    grader.check("a tree that does not tell the widths is damaged") { report in
      var tree = TinyTree()
      tree.begin("")
      tree.end()
      let outcome = tree.withTree { Outcome(of: $0) } ?? .unreadable
      report.expect(
        outcome, is: .error(.damagedTree), given: "a root without properties")
    }
    #if arch(riscv64)
      grader.check("the board's own memory is found") { report in
        report.expectBoard()
      }
    #endif
  }

  extension Report {
    // Inlined, its closures crash the compiler (Swift 6.3.1, pass
    // ConstantCapturePropagation).
    @inline(never)
    fileprivate mutating func expect(
      _ bytes: StaticString, _ addressCells: Int, _ sizeCells: Int,
      is expected: Outcome
    ) {
      let reg = ByteView(bytes)
      expect(
        Outcome(reg, addressCells, sizeCells), is: expected,
        given: """
          a reg of \(reg.count) bytes, addresses of \(addressCells) cells, \
          sizes of \(sizeCells)
          """)
    }

    fileprivate mutating func expect(
      _ got: Outcome, is expected: Outcome, given: @autoclosure () -> Message
    ) {
      expect(
        got == expected, given: given(), expected: "\(expected)",
        got: "\(got)")
    }

    /// Two memory nodes, one that is disabled, and a device.
    fileprivate mutating func expectTree(
      first size: UInt64, is expected: Outcome
    ) {
      var tree = TinyTree()
      tree.begin("")
      tree.property(.addressCells, 2)
      tree.property(.sizeCells, 2)
      tree.node("memory@80000000", type: "memory", size: size)
      tree.node("serial@10000000", type: "serial", size: 0x100)
      tree.node("memory@0", type: "memory", status: "disabled", size: 0x2000)
      tree.node("memory@1000", type: "memory", status: "okay", size: 0x1000)
      tree.end()
      expect(
        tree.withTree { Outcome(of: $0) } ?? .unreadable, is: expected,
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

  extension TinyTree {
    fileprivate mutating func node(
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
#endif
