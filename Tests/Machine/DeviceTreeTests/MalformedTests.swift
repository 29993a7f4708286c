// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import DeviceTree

@Suite struct `A malformed header` {
  let whole = Tree("", [text("model", "x")]).flattened()

  private func error(_ change: (inout [UInt8]) -> Void) -> DeviceTreeError? {
    var bytes = whole
    change(&bytes)
    do throws(DeviceTreeError) {
      _ = try tree(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func `that is whole after all is accepted`() {
    #expect(error { _ in } == nil)
  }

  @Test func `without its magic number is refused`() {
    #expect(error { $0[0] = 0 } == .init(.notADeviceTree, at: 0))
    #expect(error { $0 = [] } == .init(.notADeviceTree, at: 0))
    #expect(error { $0 = [0xd0, 0x0d, 0xfe] } == .init(.notADeviceTree, at: 0))
  }

  @Test(arguments: [4, 8, 39])
  func `that is cut off is refused`(length: Int) {
    let found = error { $0.removeLast($0.count - length) }
    #expect(found == .init(.endsTooEarly, at: length))
  }

  @Test func `of another version is refused`() {
    #expect(error { $0[cell: 20] = 16 } == .init(.unsupportedVersion, at: 20))
    #expect(error { $0[cell: 24] = 18 } == .init(.unsupportedVersion, at: 24))
    #expect(error { $0[cell: 20] = 18 } == nil)
  }

  @Test(arguments: [0, 39, 0xffff_ffff] as [UInt32])
  func `with a wrong total size is refused`(size: UInt32) {
    #expect(error { $0[cell: 4] = size } == .init(.blockOutside, at: 4))
  }

  @Test func `with a total size beyond the bytes is refused`() {
    #expect(error { $0.removeLast() } == .init(.blockOutside, at: 4))
  }

  @Test(arguments: [8, 12, 16], [0, 36, 0xffff_fff8] as [UInt32])
  func `with a block outside is refused`(field: Int, start: UInt32) {
    #expect(
      error { $0[cell: field] = start } == .init(.blockOutside, at: field))
  }

  @Test(arguments: [32, 36])
  func `with a block that is too long is refused`(field: Int) {
    #expect(
      error { $0[cell: field] = 0xffff_ffff } == .init(.blockOutside, at: field)
    )
  }

  @Test func `with a misaligned block is refused`() {
    #expect(error { $0[cell: 8] += 2 } == .init(.misaligned, at: 8))
    #expect(error { $0[cell: 16] += 4 } == .init(.misaligned, at: 16))
  }

  @Test func `whose last string does not end is refused`() {
    let last = whole.count - 1
    #expect(error { $0[last] = 1 } == .init(.unterminatedString, at: last))
  }

  @Test func `has no total size that boot code should believe`() {
    func size(_ cells: UInt32...) -> Int? {
      DeviceTree.totalSize(of: kept(cells.flatMap(\.bigEndianBytes)))
    }
    #expect(size(0xd00d_feed, 40) == 40)
    #expect(size(0xd00d_feed, 0x20_0000) == 0x20_0000)
    #expect(size(0xd00d_feed, 0x20_0001) == nil)
    #expect(size(0xd00d_feed, 39) == nil)
    #expect(size(0xd00d_feed) == nil)
    #expect(size(0xd00d_feee, 40) == nil)
  }
}

@Suite struct `A malformed structure` {
  /// The error in a structure block of `cells`, its offset counted from the
  /// start of the block. The strings block holds just `a`.
  private func error(_ cells: UInt32...) -> DeviceTreeError? {
    let start = 56
    let strings = start + 4 * cells.count
    let header: [UInt32] = [
      0xd00d_feed, UInt32(strings + 2), UInt32(start), UInt32(strings), 40, 17,
      16, 0, 2, UInt32(4 * cells.count), 0, 0, 0, 0,
    ]
    let bytes = (header + cells).flatMap(\.bigEndianBytes) + [0x61, 0]
    do throws(DeviceTreeError) {
      try tree(bytes).checkStructure()
      return nil
    } catch {
      return .init(error.kind, at: error.offset - start)
    }
  }

  private let begin: UInt32 = 1
  private let end: UInt32 = 2
  private let property: UInt32 = 3
  private let nop: UInt32 = 4
  private let finish: UInt32 = 9

  @Test func `that is whole after all is accepted`() {
    #expect(
      error(
        nop, begin, 0, property, 4, 0, 7, nop, begin, 0x6100_0000, end, end,
        finish) == nil)
  }

  @Test func `that ends too early is refused where it ends`() {
    #expect(error() == .init(.endsTooEarly, at: 0))
    #expect(error(begin, 0) == .init(.endsTooEarly, at: 8))
    #expect(error(begin, 0, property) == .init(.endsTooEarly, at: 12))
    #expect(error(begin, 0, property, 0) == .init(.endsTooEarly, at: 16))
    #expect(error(begin, 0, end) == .init(.endsTooEarly, at: 12))
    #expect(error(begin, 0, nop, nop) == .init(.endsTooEarly, at: 16))
  }

  @Test func `with a node whose name does not end is refused`() {
    #expect(error(begin) == .init(.unterminatedString, at: 4))
    #expect(error(begin, 0x6161_6161) == .init(.unterminatedString, at: 4))
  }

  @Test(arguments: [5, 8, 0xffff_ffff] as [UInt32])
  func `with a property that is too long is refused`(length: UInt32) {
    #expect(
      error(begin, 0, property, length, 0, 7) == .init(.endsTooEarly, at: 12))
  }

  @Test(arguments: [2, 0xffff_ffff] as [UInt32])
  func `with a property whose name lies outside is refused`(name: UInt32) {
    #expect(
      error(begin, 0, property, 0, name, end, finish)
        == .init(.blockOutside, at: 16))
  }

  @Test func `with a token in the wrong place is refused`() {
    let wrong = DeviceTreeError.Kind.unexpectedToken
    #expect(error(finish) == .init(wrong, at: 0))
    #expect(error(end) == .init(wrong, at: 0))
    #expect(error(property, 0, 0) == .init(wrong, at: 0))
    #expect(error(nop, 7) == .init(wrong, at: 4))
    #expect(error(begin, 0, nop, 0) == .init(wrong, at: 12))
    #expect(error(begin, 0, finish) == .init(wrong, at: 8))
    // A property after a child.
    #expect(
      error(begin, 0, begin, 0, end, property, 0, 0) == .init(wrong, at: 20))
    // A second root, and an end too many.
    #expect(error(begin, 0, end, begin, 0) == .init(wrong, at: 12))
    #expect(error(begin, 0, end, nop, end) == .init(wrong, at: 16))
  }

  @Test func `with sixteen levels is read and with one more refused`() throws {
    func levels(_ count: Int) -> [UInt8] {
      (1..<count).reduce(Tree()) { tree, _ in Tree("", [], [tree]) }
        .flattened()
    }
    try tree(levels(16)).checkStructure()
    #expect(throws: DeviceTreeError(.tooDeep, at: 56 + 16 * 8)) {
      try tree(levels(17)).checkStructure()
    }
  }

  @Test func `has an error that explains itself`() {
    let error = DeviceTreeError(.tooDeep, at: 0)
    #expect("\(error.description)" == "nodes are nested deeper than 16 levels")
  }
}

@Suite struct `A malformed value` {
  private func root(_ properties: Tree.Fact...) throws -> Node {
    try tree(Tree("", properties).flattened()).root()
  }

  /// The error in the `reg` of a child of a root with these properties.
  private func reg(_ cells: [UInt32], below facts: Tree.Fact...) throws
    -> DeviceTreeError.Kind?
  {
    let reg = Tree.Fact(name: "reg", value: cells.flatMap(\.bigEndianBytes))
    let child = Tree("child", [reg])
    let root = try tree(Tree("", facts, [child]).flattened()).root()
    var children = root.children()
    let node = try #require(try children.next())
    do throws(DeviceTreeError) {
      var regions = try node.busRegions()
      while try regions.next() != nil {}
      return nil
    } catch {
      return error.kind
    }
  }

  @Test func `of a number is refused where it lies`() throws {
    let node = try root(cells("phandle", 1, 2))
    #expect(throws: DeviceTreeError(.badValue, at: 56 + 8 + 12)) {
      try node.phandle()
    }
  }

  @Test func `of a string is refused where it lies`() throws {
    let fact = Tree.Fact(name: "compatible", value: [0x61, 0, 0x62])
    let node = try root(fact)
    #expect(try node.isCompatible(with: "a"))
    #expect(throws: DeviceTreeError(.unterminatedString, at: 56 + 8 + 14)) {
      try node.isCompatible(with: "b")
    }
  }

  @Test func `of reg is refused`() throws {
    let address = { cells("#address-cells", $0) }
    let size = { cells("#size-cells", $0) }
    #expect(try reg([0, 0, 0]) == nil)
    #expect(try reg([0, 0]) == .badValue)
    #expect(try reg([1, 2], below: address(0), size(0)) == .badValue)
    #expect(try reg([], below: address(0), size(0)) == nil)
    #expect(try reg([1], below: address(5)) == .badValue)
    #expect(try reg([0, 1, 2, 3], below: address(3)) == nil)
    #expect(try reg([1, 1, 2, 3], below: address(3)) == .numberTooWide)
    #expect(try reg([0, 0, 1, 2, 3], below: address(4)) == nil)
    #expect(try reg([0, 1, 1, 2, 3], below: address(4)) == .numberTooWide)
    #expect(try reg([.max, .max, 1]) == .numberTooWide)
  }

  @Test func `of a reservation is refused`() throws {
    let tree = try tree(Tree().flattened(reservations: [(.max, 1)]))
    #expect(throws: DeviceTreeError(.numberTooWide, at: 40)) {
      try tree.forEachReservedRegion { _ in }
    }
  }

  @Test func `of the reservations' end is refused`() throws {
    var bytes = Tree().flattened()
    let end = bytes.count / 8 * 8
    bytes[cell: 16] = UInt32(end)
    let tree = try tree(bytes)
    #expect(throws: DeviceTreeError(.endsTooEarly, at: end)) {
      try tree.forEachReservedRegion { _ in }
    }
  }

  @Test func `of an interrupt is refused`() throws {
    let nowhere = try root(cells("interrupts", 1), cells("interrupt-parent", 9))
    #expect(throws: DeviceTreeError.self) { try nowhere.interrupts() }
    let orphan = try root(cells("interrupts", 1))
    #expect(throws: DeviceTreeError(.danglingReference, at: 56)) {
      try orphan.interrupts()
    }
    let mute = try root(cells("phandle", 1), cells("interrupts-extended", 1, 2))
    var interrupts = try mute.interrupts()
    #expect(throws: DeviceTreeError(.badValue, at: 56)) {
      try interrupts.next()
    }
  }
}
