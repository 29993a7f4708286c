// SPDX-License-Identifier: BSD-3-Clause

@testable import Paging

/// What an address space should mean: stretches, one by one.
struct SpaceModel {
  struct Piece: Equatable {
    var range: Range<UInt64>
    var physical: UInt64
    var protection: Protection
  }

  private(set) var pieces: [Piece] = []

  /// Whether all of `range` is mapped.
  func covers(_ range: Range<UInt64>) -> Bool {
    let size = pieces.map { $0.range.clamped(to: range) }
      .reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
    return size == range.upperBound - range.lowerBound
  }

  func meets(_ range: Range<UInt64>) -> Bool {
    pieces.contains { $0.range.overlaps(range) }
  }

  mutating func map(_ range: Range<UInt64>, _ physical: UInt64, _ p: Protection)
  {
    pieces.append(Piece(range: range, physical: physical, protection: p))
    tidy()
  }

  mutating func unmap(_ range: Range<UInt64>) {
    pieces = pieces.flatMap { piece in
      let cut = piece.range.clamped(to: range)
      guard piece.range.overlaps(range) else { return [piece] }
      return [
        piece.part(piece.range.lowerBound..<cut.lowerBound),
        piece.part(cut.upperBound..<piece.range.upperBound),
      ].filter { !$0.range.isEmpty }
    }
  }

  mutating func protect(_ range: Range<UInt64>, _ protection: Protection) {
    let inside = pieces.filter { $0.range.overlaps(range) }
      .map { $0.part($0.range.clamped(to: range)) }
    unmap(range)
    for piece in inside {
      pieces.append(
        Piece(
          range: piece.range, physical: piece.physical, protection: protection))
    }
    tidy()
  }

  func translate(_ address: UInt64) -> (UInt64, Protection)? {
    pieces.first { $0.range.contains(address) }
      .map { ($0.physical + (address - $0.range.lowerBound), $0.protection) }
  }

  /// In order, neighbours that continue each other as one.
  private mutating func tidy() {
    pieces.sort { $0.range.lowerBound < $1.range.lowerBound }
    pieces = Self.merged(pieces)
  }

  static func merged(_ pieces: [Piece]) -> [Piece] {
    pieces.reduce(into: []) { merged, piece in
      if let last = merged.last,
        last.range.upperBound == piece.range.lowerBound,
        last.protection == piece.protection,
        last.physical + UInt64(last.range.count) == piece.physical
      {
        merged[merged.count - 1].range =
          last.range.lowerBound..<piece.range.upperBound
      } else {
        merged.append(piece)
      }
    }
  }
}

extension SpaceModel.Piece {
  func part(_ range: Range<UInt64>) -> Self {
    let distance = range.lowerBound - self.range.lowerBound
    return Self(
      range: range, physical: physical + distance, protection: protection)
  }
}

extension AddressSpace {
  /// All that is mapped, to be compared with the model's.
  var pieces: [SpaceModel.Piece] {
    var all: [SpaceModel.Piece] = []
    forEachPage { address, page in
      all.append(
        .init(
          range: address..<address + page.pageSize, physical: page.physical,
          protection: page.protection))
    }
    return SpaceModel.merged(all)
  }
}
