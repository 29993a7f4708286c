// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The firmware below the kernel. It runs in M-mode, where S-mode cannot
/// reach, and does what it is asked by an environment call.
///
///     kernel (S-mode)    SBI.setTimer(…)
///            │ ecall          ▲ mret
///            ▼                │
///     firmware (M-mode)  OpenSBI, which owns the hardware
///
/// Each call costs a trap into the firmware: some hundred instructions. All
/// may be made from an interrupt.
public enum SBI {
  static func call(
    _ group: SBIExtension, _ function: UInt64,
    _ a0: UInt64 = 0, _ a1: UInt64 = 0, _ a2: UInt64 = 0, _ a3: UInt64 = 0,
    _ a4: UInt64 = 0
  ) throws(SBIError) -> UInt64 {
    let answer = EnvironmentCall(
      extensionID: group.rawValue, function: function, a0, a1, a2, a3, a4)()
    guard answer.error == 0 else { throw SBIError(answer.error) }
    return answer.value
  }
}
