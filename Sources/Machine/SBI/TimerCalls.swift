// SPDX-License-Identifier: BSD-3-Clause

/// Timer interrupts. SBI specification, chapter "Timer Extension".
extension SBI {
  /// Asks for a timer interrupt on this hart when the clock reaches
  /// `deadline`, in ticks; withdraws one that is pending.
  ///
  /// A deadline in the past interrupts at once; `UInt64.max` never does.
  ///
  /// - Throws: `SBIError.notSupported` where the firmware has no timer.
  public static func setTimer(_ deadline: UInt64) throws(SBIError) {
    _ = try call(.timer, 0, deadline)
  }
}
