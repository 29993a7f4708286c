// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@testable import Paging

private let page: UInt64 = 0x1000
private let large: UInt64 = 0x20_0000
private let huge: UInt64 = 0x4000_0000

@Suite struct AddressSpaceTests {
  private typealias Space = AddressSpace<Sv39, FakeTables>
  private let tables = FakeTables()
  private let hart = SimulatedHart()

  private func space() throws -> Space {
    try AddressSpace(tables: tables, hasMemoryTypes: false)
  }

  // MARK: - Sizes of pages

  @Test func `the largest pages that fit are used`() throws {
    var space = try space()
    let start = huge - large - page
    try space.map(
      start, to: start, size: page + large + huge + large + page, .readOnly)
    var sizes: [UInt64] = []
    space.forEachPage { sizes.append($1.pageSize) }
    #expect(sizes == [page, large, huge, large, page])
  }

  @Test func `a physical address off the grid makes small pages`() throws {
    var space = try space()
    try space.map(large, to: large + page, size: large, .readWrite)
    var count = 0
    space.forEachPage { _, one in if one.pageSize == page { count += 1 } }
    #expect(count == 512)
    #expect(tables.used.count == 3)
  }

  @Test func `a hole in a huge page splits it as far as needed`() throws {
    var space = try space()
    try space.map(0, to: 0, size: huge, .readWrite)
    try space.unmap(5 * large + 3 * page, size: page)
    #expect(space.translate(5 * large + 3 * page) == nil)
    #expect(space.translate(5 * large + 4 * page)?.pageSize == page)
    #expect(space.translate(4 * large)?.pageSize == large)
    #expect(tables.used.count == 3)
  }

  @Test func `another protection for a part leaves the rest`() throws {
    var space = try space()
    try space.map(large, to: huge, size: large, .readWrite)
    try space.protect(large + page, size: 2 * page, .readExecute)
    let parts = [0, page, 3 * page].map { space.translate(large + $0) }
    #expect(
      parts.map { $0?.protection } == [.readWrite, .readExecute, .readWrite])
    #expect(parts.map { $0?.physical } == [huge, huge + page, huge + 3 * page])
  }

  @Test func `tables that become empty go back`() throws {
    var space = try space()
    try space.map(page, to: 0, size: 2 * page, .readOnly)
    try space.map(huge, to: 0, size: page, .readOnly)
    #expect(tables.used.count == 5)
    try space.unmap(huge, size: page)
    #expect(tables.used.count == 3)
    try space.unmap(page, size: page)
    #expect(tables.used.count == 3)
    try space.unmap(2 * page, size: page)
    #expect(tables.used.count == 1)
  }

  @Test func `all tables go back with the space`() throws {
    do {
      var space = try space()
      try space.map(0, to: 0, size: huge + large + page, .readOnly)
      #expect(tables.used.count > 1)
    }
    #expect(tables.used.isEmpty)
  }

  // MARK: - What is refused

  @Test func `misaligned addresses and sizes are refused`() throws {
    var space = try space()
    for (address, physical, size): (UInt64, UInt64, UInt64) in [
      (1, 0, page), (page + 8, 0, page), (0, 8, page), (0, 0, 0), (0, 0, 8),
      (0, 0, page + 1),
    ] {
      #expect(throws: MappingError.misaligned) {
        try space.map(address, to: physical, size: size, .readOnly)
      }
    }
    #expect(throws: MappingError.misaligned) { try space.unmap(1, size: page) }
    #expect(throws: MappingError.misaligned) {
      try space.protect(0, size: 1, .readOnly)
    }
  }

  @Test func `addresses between the halves are refused`() throws {
    var space = try space()
    let end = Sv39.lowerHalfEnd
    for (address, size): (UInt64, UInt64) in [
      (end, page), (end - page, 2 * page), (0 &- end - page, page),
      (1 << 63, page), (0, end + page), (page, 0 &- page),
      (0 &- page, 2 * page), (0, 1 << 63),
    ] {
      #expect(throws: MappingError.notCanonical, "\(address), \(size)") {
        try space.map(address, to: 0, size: size, .readOnly)
      }
      #expect(throws: MappingError.notCanonical) {
        try space.unmap(address, size: size)
      }
    }
    #expect(space.translate(end) == nil)
    try space.map(end - page, to: 0, size: page, .readOnly)
    try space.map(0 &- end, to: 0, size: page, .readOnly)
    try space.map(0 &- page, to: 0, size: page, .readOnly)
    #expect(space.translate(0 &- 1)?.physical == page - 1)
    try space.unmap(0 &- page, size: page)
  }

  @Test func `physical addresses beyond 56 bits are refused`() throws {
    var space = try space()
    for (physical, size): (UInt64, UInt64) in [
      (1 << 56, page), ((1 << 56) - page, 2 * page), (0 &- page, page),
    ] {
      #expect(throws: MappingError.notPhysical) {
        try space.map(0, to: physical, size: size, .readOnly)
      }
    }
    try space.map(0, to: (1 << 56) - page, size: page, .readOnly)
    #expect(space.translate(8)?.physical == (1 << 56) - page + 8)
  }

  @Test func `what is mapped is not mapped again, and nothing changes`() throws
  {
    var space = try space()
    try space.map(large + 3 * page, to: 0, size: page, .readOnly)
    let before = (space.pieces, tables.used.count)
    for (address, size) in [
      (large + 3 * page, page), (large, 4 * page), (0, huge), (0, 2 * huge),
      (large, large),
    ] {
      let error = #expect(throws: MappingError.self) {
        try space.map(address, to: 0, size: size, .readOnly)
      }
      if case .overlaps = error {} else { Issue.record("\(address): \(error)") }
      #expect(space.pieces == before.0)
      #expect(tables.used.count == before.1)
    }
  }

  @Test func `a large page in the way is named`() throws {
    var space = try space()
    try space.map(huge, to: 0, size: huge, .readOnly)
    #expect(throws: MappingError.overlaps(huge + page)) {
      try space.map(huge + page, to: 0, size: page, .readOnly)
    }
  }

  @Test func `what is not mapped cannot be unmapped or protected`() throws {
    var space = try space()
    try space.map(page, to: 0, size: page, .readOnly)
    #expect(throws: MappingError.notMapped(2 * page)) {
      try space.unmap(page, size: 2 * page)
    }
    #expect(throws: MappingError.notMapped(0)) {
      try space.protect(0, size: 2 * page, .readWrite)
    }
    #expect(space.translate(page)?.protection == .readOnly)
  }

  @Test(arguments: 0...3)
  func `without a frame for a table nothing changes`(frames: Int) throws {
    var space = try space()
    try space.map(huge, to: huge, size: huge, .readWrite)
    tables.rest = frames
    let before = space.pieces
    let (used, rest) = (tables.used.count, tables.rest)
    let map = Result {
      try space.map(0, to: page, size: large + page, .readOnly)
    }
    if frames < 3 {
      #expect(throws: MappingError.outOfFrames) { try map.get() }
      #expect(space.pieces == before)
      #expect(tables.used.count == used)
    }
    tables.rest = min(rest, 1)
    #expect(throws: MappingError.outOfFrames) {
      try space.unmap(huge + page, size: page)
    }
    #expect(space.translate(huge + page)?.physical == huge + page)
  }

  // MARK: - Fences

  private func fences(
    _ body: (inout Space) throws -> Void,
    before: (inout Space) throws -> Void = { _ in }
  ) throws -> [SimulatedHart.Event] {
    let hart = SimulatedHart()
    return try hart.run {
      var space = try space()
      try before(&space)
      #expect(unsafe space.activate())
      let count = hart.events.count
      try body(&space)
      return Array(hart.events.dropFirst(count))
    }
  }

  @Test func `one page in a table that is there takes one small fence`() throws
  {
    let events = try fences {
      try $0.map(2 * page, to: 0, size: page, .readOnly)
    } before: {
      try $0.map(page, to: 0, size: page, .readOnly)
    }
    #expect(events == [.fencedTranslation(of: 2 * page)])
  }

  @Test func `new tables, and several pages, take one fence for all`() throws {
    let one = try fences { try $0.map(page, to: 0, size: page, .readOnly) }
    #expect(one == [.fencedTranslations])
    let many = try fences {
      try $0.map(2 * page, to: 0, size: 9 * page, .readOnly)
    } before: {
      try $0.map(page, to: 0, size: page, .readOnly)
    }
    #expect(many == [.fencedTranslations])
  }

  @Test func `unmapping and protecting fence what they change`() throws {
    let events = try fences {
      try $0.protect(page, size: page, .readOnly)
      try $0.unmap(page, size: page)
    } before: {
      try $0.map(page, to: 0, size: 2 * page, .readWrite)
    }
    #expect(
      events == [
        .fencedTranslation(of: page), .fencedTranslation(of: page),
      ])
    let last = try fences {
      try $0.unmap(page, size: page)
    } before: {
      try $0.map(page, to: 0, size: page, .readWrite)
    }
    #expect(last == [.fencedTranslations])
  }

  @Test func `a space that is not in use needs no fence`() throws {
    try hart.run {
      var space = try space()
      try space.map(0, to: 0, size: huge + page, .readOnly)
      try space.unmap(0, size: huge)
    }
    #expect(hart.events == [])
  }

  @Test func `to use a space is a write between two fences`() throws {
    try hart.run {
      let space = try space()
      #expect(unsafe space.activate())
      #expect(Hart.addressTranslation == 8 << 60 | space.root.number)
    }
    #expect(hart.events == [.fencedTranslations, .fencedTranslations])
  }

  @Test func `a hart without the mode is found out`() throws {
    hart.ignoresTranslation = true
    try hart.run {
      let space = try space()
      #expect(unsafe !space.activate())
    }
  }

  // MARK: - Walking

  @Test func `a walk shows each step, to a page or to nothing`() throws {
    var space = try space()
    try space.map(huge + large, to: 0, size: page, .readOnly)
    var steps: [WalkStep] = []
    space.walk(huge + large) { steps.append($0) }
    #expect(steps.map(\.level) == [2, 1, 0])
    #expect(steps.map(\.index) == [1, 1, 0])
    #expect(steps.last?.entry.isPage == true)
    steps = []
    space.walk(huge) { steps.append($0) }
    #expect(steps.map(\.level) == [2, 1])
    #expect(steps.last?.entry.isValid == false)
    space.walk(1 << 63) { _ in Issue.record("not canonical") }
  }

  @Test func `a device's pages are marked with Svpbmt alone`() throws {
    for known in [true, false] {
      var space = try Space(tables: tables, hasMemoryTypes: known)
      try space.map(0, to: 0, size: page, .readWrite, type: .device)
      var isMarked = false
      space.walk(0) { isMarked = $0.entry.contains(.device) }
      #expect(isMarked == known)
    }
  }
}
