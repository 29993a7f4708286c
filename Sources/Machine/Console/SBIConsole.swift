// SPDX-License-Identifier: BSD-3-Clause

import SBI

/// The console of the firmware: slow, a trap for each byte, but there before
/// any driver is.
///
/// Output goes through the debug console where the firmware has one, else
/// through the legacy call. Input always takes the legacy call, which OpenSBI
/// keeps beside the new one.
public struct SBIConsole: ByteDevice {
  private let hasDebugConsole: Bool

  /// Asks the firmware once which calls it offers.
  public init() { hasDebugConsole = SBI.offers(.debugConsole) }

  public mutating func write(_ byte: UInt8) {
    guard hasDebugConsole else { return SBI.legacyWrite(byte) }
    // A console that fails has nowhere to say so.
    do { try SBI.debugWrite(byte) } catch {}
  }

  public mutating func read() -> UInt8? { SBI.legacyRead() }
}
