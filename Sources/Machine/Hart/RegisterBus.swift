// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// The way to a device's registers.
///
/// A driver is generic over its bus: on the board each access compiles to one
/// load or store; in a test the bus is a `RecordingBus`. Offsets are in bytes
/// from the device's first register. Every access happens, in the order in
/// which it is written.
public protocol RegisterBus {
  /// The 8-bit register at `offset`.
  func load8(at offset: Int) -> UInt8
  /// Sets the 8-bit register at `offset`.
  func store8(_ value: UInt8, at offset: Int)
  /// The 32-bit register at `offset`, which must be a multiple of 4.
  func load32(at offset: Int) -> UInt32
  /// Sets the 32-bit register at `offset`, which must be a multiple of 4.
  func store32(_ value: UInt32, at offset: Int)
}

/// Registers that appear in memory (memory-mapped input and output).
@safe
public struct MemoryMappedBus: RegisterBus, Sendable {
  private let base: UInt64

  /// The registers from the address `base` on.
  ///
  /// - Precondition: The device's registers lie there for as long as this
  ///   value is used, and no other code uses the same device.
  @unsafe
  public init(at base: UInt64) { self.base = base }

  private func address(_ offset: Int) -> UInt64 {
    base &+ UInt64(bitPattern: Int64(offset))
  }

  public func load8(at offset: Int) -> UInt8 {
    unsafe hart_load8(address(offset))
  }

  public func store8(_ value: UInt8, at offset: Int) {
    unsafe hart_store8(address(offset), value)
  }

  public func load32(at offset: Int) -> UInt32 {
    unsafe hart_load32(address(offset))
  }

  public func store32(_ value: UInt32, at offset: Int) {
    unsafe hart_store32(address(offset), value)
  }
}
