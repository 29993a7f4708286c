// SPDX-License-Identifier: BSD-3-Clause

/// Why a hart trapped: the bits of `scause`.
///
/// Privileged specification, section "Supervisor Cause Register". The module
/// Traps gives each cause a name.
public struct TrapCause: RegisterBits {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Whether something outside the running code interrupted it: bit 63.
  public var isInterrupt: Bool { rawValue >> 63 != 0 }

  /// Which interrupt or exception it is: all bits but 63.
  public var code: UInt64 { rawValue & (UInt64.max >> 1) }

  /// What mostly leads to such a trap, where that is not what its name says:
  /// to an illegal instruction (code 2). Nil for all others.
  public var usualReason: StaticString? {
    guard rawValue == 2 else { return nil }
    return """
      Swift's run-time checks end so: overflow, index out of range, nil, \
      precondition
      """
  }
}
