// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The end of the machine's run. SBI specification, chapter "System Reset
/// Extension".
extension SBI {
  /// What comes after.
  public enum ResetKind: UInt64, Sendable {
    case shutdown
    /// Off and on again: everything is reset.
    case coldReboot
    /// Harts and memory are reset, the rest may not be.
    case warmReboot
  }

  /// Why: a firmware may keep a record of it.
  public enum ResetReason: UInt64, Sendable {
    case none
    case systemFailure
  }

  /// Resets the whole machine; returns only if that fails.
  ///
  /// - Throws: `SBIError.notSupported`, `invalidParameter` or `failed`.
  public static func reset(
    _ kind: ResetKind, reason: ResetReason
  ) throws(SBIError) {
    _ = try call(.systemReset, 0, kind.rawValue, reason.rawValue)
  }

  /// Powers the machine off by the newest call that the firmware has; returns
  /// only if it has none.
  ///
  /// The oldest call, "system shutdown", cannot tell why: it is never used for
  /// a failure, which would look like a success.
  public static func powerOff(reason: ResetReason) {
    do {
      try reset(.shutdown, reason: reason)
    } catch {
      guard reason == .none else { return }
      _ = EnvironmentCall(
        extensionID: SBIExtension.legacyShutdown.rawValue, function: 0)()
    }
  }
}
