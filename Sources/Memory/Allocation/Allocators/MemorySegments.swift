// SPDX-License-Identifier: BSD-3-Clause

/// The pieces of memory that an allocator was given, in that order.
///
/// Each piece keeps the address of the next one and its own end in its first
/// 16 bytes, so that any number of them needs no room elsewhere.
///
///     first ─▶ ┌──────┬─────┬─────────┐    ┌──────┬─────┬────────┐
///              │ next │ end │ blocks… │    │ next │ end │ blocks…│
///              └──┬───┴─────┴─────────┘    └──────┴─────┴────────┘
///                 └───────────────────────▶
struct MemorySegments {
  /// How many bytes of each piece are used up by the list.
  static let overhead: UInt64 = 16

  /// The first piece, or 0.
  private(set) var first: UInt64 = 0
  private var last: UInt64 = 0

  /// Appends the piece at `addresses`, whole multiples of 16.
  mutating func append(_ addresses: Range<UInt64>) {
    let piece = addresses.lowerBound
    RawMemory[piece] = 0
    RawMemory[piece + 8] = addresses.upperBound
    if last == 0 { first = piece } else { RawMemory[last] = piece }
    last = piece
  }

  /// Makes the last piece longer if `addresses` begin where it ends.
  ///
  /// - Returns: Whether they do.
  mutating func extend(by addresses: Range<UInt64>) -> Bool {
    guard last != 0, end(of: last) == addresses.lowerBound else {
      return false
    }
    RawMemory[last + 8] = addresses.upperBound
    return true
  }

  /// The piece after `piece`, or 0.
  func next(after piece: UInt64) -> UInt64 { RawMemory[piece] }

  /// The address after the last byte of `piece`.
  func end(of piece: UInt64) -> UInt64 { RawMemory[piece + 8] }

  /// The piece that `address` lies in, or nil. Linear in their number.
  func piece(with address: UInt64) -> UInt64? {
    var piece = first
    while piece != 0 {
      if address >= piece, address < end(of: piece) { return piece }
      piece = next(after: piece)
    }
    return nil
  }
}
