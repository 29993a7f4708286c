// SPDX-License-Identifier: BSD-3-Clause

/// Up to 64 harts with neighbouring ids, or all that there are.
///
/// SBI specification, chapter "Binary Encoding", section "Hart list
/// parameter".
public struct HartMask: Equatable, Sendable {
  /// Bit `n` stands for the hart with the id `base + n`.
  public let bits: UInt64
  /// The id that bit 0 stands for, or all ones for every hart.
  public let base: UInt64

  /// The harts `base + n` for each bit `n` that is set.
  public init(bits: UInt64, base: UInt64 = 0) {
    self.bits = bits
    self.base = base
  }

  /// The one hart `id`.
  public init(hart id: UInt64) { self.init(bits: 1, base: id) }

  /// Every hart that the firmware lets the kernel use.
  public static let all = HartMask(bits: 0, base: .max)
}

/// Work for other harts. SBI specification, chapters "IPI Extension" and
/// "RFENCE Extension".
extension SBI {
  /// Makes a software interrupt pending on `harts`.
  ///
  /// - Throws: `SBIError.invalidParameter` if one of them does not exist.
  public static func interrupt(_ harts: HartMask) throws(SBIError) {
    _ = try call(.interProcessorInterrupt, 0, harts.bits, harts.base)
  }

  /// Makes `harts` see instructions that were written to memory before.
  ///
  /// - Throws: `SBIError.invalidParameter` if one of them does not exist.
  public static func fenceInstructions(_ harts: HartMask) throws(SBIError) {
    _ = try call(.remoteFence, 0, harts.bits, harts.base)
  }

  /// Makes `harts` forget translations of the `size` bytes from the virtual
  /// address `start`; both 0 for all of them.
  ///
  /// - Throws: `SBIError.invalidParameter` if one of the harts does not
  ///   exist, `invalidAddress` if the range is not valid.
  public static func fenceTranslations(
    _ harts: HartMask, start: UInt64, size: UInt64
  ) throws(SBIError) {
    _ = try call(.remoteFence, 1, harts.bits, harts.base, start, size)
  }

  /// As `fenceTranslations`, for the one address space `space` (an ASID).
  ///
  /// - Throws: `SBIError` as there.
  public static func fenceTranslations(
    _ harts: HartMask, start: UInt64, size: UInt64, space: UInt64
  ) throws(SBIError) {
    _ = try call(.remoteFence, 2, harts.bits, harts.base, start, size, space)
  }
}
