// SPDX-License-Identifier: BSD-3-Clause

import Hart
import TestSupport
import Testing

@testable import Paging

/// Address spaces against a simple model, under random operations.
@Suite struct RandomSpaceTests {
  /// 20,000 operations each: 100,000 in all.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `an Sv39 space means what the model means`(seed: UInt64) throws {
    try SimulatedHart().run { try run(Sv39.self, seed: seed) }
  }

  @Test func `an Sv48 space means what the model means`() throws {
    try SimulatedHart().run { try run(Sv48.self, seed: 5) }
  }

  private func run<Mode: PagingMode>(_ mode: Mode.Type, seed: UInt64) throws {
    let tables = FakeTables()
    do {
      var run = try SpaceRun<Mode>(tables, seed: seed)
      for step in 0..<20_000 { try run.step(step) }
      try run.finish()
      #expect(tables.used.count == 1, "tables are left, seed \(seed)")
    }
    #expect(tables.used.isEmpty, "tables outlive the space")
  }
}

private struct SpaceRun<Mode: PagingMode>: ~Copyable {
  var space: AddressSpace<Mode, FakeTables>
  var model = SpaceModel()
  var random: SeededNumbers
  let seed: UInt64
  let tables: FakeTables

  init(_ tables: FakeTables, seed: UInt64) throws {
    space = try AddressSpace(tables: tables, hasMemoryTypes: false)
    random = SeededNumbers(seed: seed)
    self.seed = seed
    self.tables = tables
  }

  mutating func step(_ number: Int) throws {
    let range = randomRange()
    let protection = [Protection.readOnly, .readWrite, .readExecute][
      Int(random.word(below: 3))]
    // Now and then there is no frame for a table, or for only one.
    tables.rest = random.word(below: 8) == 0 ? Int(random.word(below: 2)) : .max
    switch random.word(below: 8) {
    case 0...3: map(range, protection, number)
    case 4, 5: unmap(range, number)
    case 6: protect(range, protection, number)
    default: look(number)
    }
    if number % 256 == 0 {
      #expect(space.pieces == model.pieces, "seed \(seed), step \(number)")
    }
  }

  /// Near the edges of large pages, in both halves, and small or large.
  private mutating func randomRange() -> Range<UInt64> {
    let edges: [UInt64] = [
      0x8000_0000, 0x4000_0000, 0x8020_0000, 0xC000_0000,
      0 &- Mode.lowerHalfEnd, 0 &- 0x4_0000_0000,
    ]
    let edge = edges[Int(random.word(below: UInt64(edges.count)))]
    let units: [UInt64] = [0x1000, 0x1000, 0x20_0000, 0x4000_0000]
    let unit = units[Int(random.word(below: 4))]
    let start = edge &+ random.word(below: 8) * unit
    let size = (1 + random.word(below: unit == 0x1000 ? 40 : 3)) * unit
    return start..<start + size
  }

  private func outcome(_ body: () throws(MappingError) -> Void) -> MappingError?
  {
    do throws(MappingError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  private mutating func map(
    _ range: Range<UInt64>, _ protection: Protection, _ step: Int
  ) {
    // Off the grid of large pages for small ranges only: a gibibyte of small
    // pages takes seconds.
    let unit: UInt64 = range.count < 0x20_0000 ? 0x1000 : 0x20_0000
    let shift = random.word(below: 3) * unit
    let physical = range.lowerBound & 0xFF_FFFF_FFFF &+ shift
    do throws(MappingError) {
      try space.map(
        range.lowerBound, to: physical, size: UInt64(range.count), protection)
      #expect(!model.meets(range), "seed \(seed), step \(step)")
      model.map(range, physical, protection)
    } catch .overlaps {
      #expect(model.meets(range), "seed \(seed), step \(step)")
    } catch {
      #expect(error == .outOfFrames && tables.rest == 0)
      #expect(space.pieces == model.pieces, "seed \(seed), step \(step)")
    }
  }

  private mutating func unmap(_ range: Range<UInt64>, _ step: Int) {
    do throws(MappingError) {
      try space.unmap(range.lowerBound, size: UInt64(range.count))
      #expect(model.covers(range), "seed \(seed), step \(step)")
      model.unmap(range)
    } catch .notMapped {
      #expect(!model.covers(range), "seed \(seed), step \(step)")
    } catch {
      #expect(error == .outOfFrames && tables.rest == 0)
      #expect(space.pieces == model.pieces, "seed \(seed), step \(step)")
    }
  }

  private mutating func protect(
    _ range: Range<UInt64>, _ protection: Protection, _ step: Int
  ) {
    do throws(MappingError) {
      try space.protect(range.lowerBound, size: UInt64(range.count), protection)
      #expect(model.covers(range), "seed \(seed), step \(step)")
      model.protect(range, protection)
    } catch .notMapped {
      #expect(!model.covers(range), "seed \(seed), step \(step)")
    } catch {
      #expect(error == .outOfFrames && tables.rest == 0)
    }
  }

  private mutating func look(_ step: Int) {
    let address = randomRange().lowerBound + random.word(below: 0x1000)
    let page = space.translate(address)
    let expected = model.translate(address)
    #expect(page?.physical == expected?.0, "seed \(seed), step \(step)")
    #expect(page?.protection == expected?.1, "seed \(seed), step \(step)")
  }

  /// Unmaps all that is left.
  mutating func finish() throws {
    #expect(space.pieces == model.pieces)
    tables.rest = .max
    for piece in model.pieces {
      try space.unmap(piece.range.lowerBound, size: UInt64(piece.range.count))
    }
  }
}
