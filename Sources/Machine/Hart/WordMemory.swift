// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// Memory that is read and written in words of eight bytes, by address.
///
/// What edits page tables or the records of frames is generic over it: on the
/// board each access is one load or store; in a test the memory is simulated.
/// Addresses are physical, and multiples of eight.
public protocol WordMemory {
  /// The word at `address`.
  func load(_ address: UInt64) -> UInt64
  /// Sets the word at `address`.
  func store(_ value: UInt64, at address: UInt64)
}

/// The board's own memory, at addresses that mean the same with and without
/// translation.
@safe
public struct IdentityMemory: WordMemory, Sendable {
  /// All of the board's memory.
  ///
  /// - Precondition: The code that is given this value uses only addresses of
  ///   memory that was handed to it, and that is mapped where it lies.
  @unsafe
  public init() {}

  @inline(__always)
  public func load(_ address: UInt64) -> UInt64 { unsafe hart_load64(address) }

  @inline(__always)
  public func store(_ value: UInt64, at address: UInt64) {
    unsafe hart_store64(address, value)
  }
}
