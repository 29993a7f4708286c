// SPDX-License-Identifier: BSD-3-Clause

/// Starting and stopping harts. SBI specification, chapter "Hart State
/// Management Extension".
extension SBI {
  /// What a hart is doing.
  public enum HartState: UInt64, Sendable {
    case started
    case stopped
    case startPending
    case stopPending
    case suspended
    case suspendPending
    case resumePending
  }

  /// Starts the stopped hart `id` in S-mode at the physical `address`, with
  /// its id in a0, `argument` in a1, paging and interrupts off.
  ///
  /// - Throws: `SBIError`: `invalidParameter` for a hart that does not exist,
  ///   `alreadyAvailable` for one that runs, `invalidAddress`, `failed`.
  @unsafe
  public static func startHart(
    _ id: UInt64, at address: UInt64, argument: UInt64
  ) throws(SBIError) {
    _ = try call(.hartState, 0, id, address, argument)
  }

  /// Stops this hart; returns only if that fails.
  ///
  /// - Throws: `SBIError.failed` or `notSupported`.
  public static func stopHart() throws(SBIError) {
    _ = try call(.hartState, 1)
  }

  /// What the hart `id` is doing.
  ///
  /// - Throws: `SBIError.invalidParameter` for a hart that does not exist.
  public static func state(ofHart id: UInt64) throws(SBIError) -> HartState {
    let number = try call(.hartState, 2, id)
    guard let state = HartState(rawValue: number) else {
      throw .unknown(Int(truncatingIfNeeded: number))
    }
    return state
  }
}
