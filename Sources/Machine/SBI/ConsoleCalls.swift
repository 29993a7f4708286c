// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Text through the firmware: two generations of the same service.
extension SBI {
  /// Writes one byte with the legacy call (SBI specification, chapter "Legacy
  /// Extensions"). It cannot fail; a firmware without it ignores it.
  public static func legacyWrite(_ byte: UInt8) {
    _ = EnvironmentCall(
      extensionID: SBIExtension.legacyConsoleOutput.rawValue, function: 0,
      UInt64(byte))()
  }

  /// The next byte that was typed, by the legacy call, or nil if there is
  /// none.
  public static func legacyRead() -> UInt8? {
    let answer = EnvironmentCall(
      extensionID: SBIExtension.legacyConsoleInput.rawValue, function: 0)()
    return UInt8(exactly: answer.error)
  }

  /// Writes one byte (SBI specification, chapter "Debug Console Extension").
  /// Waits as long as the console is busy.
  ///
  /// - Throws: `SBIError.notSupported`, or `denied` or `failed` if the
  ///   console refuses.
  public static func debugWrite(_ byte: UInt8) throws(SBIError) {
    _ = try call(.debugConsole, 2, UInt64(byte))
  }
}
