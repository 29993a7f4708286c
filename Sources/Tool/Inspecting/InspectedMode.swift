// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// How a hart translates addresses, as its register satp says (privileged
/// specification, section "Supervisor Address Translation and Protection").
struct PagingMode: Equatable {
  /// The register itself.
  let satp: UInt64
  /// How many tables lie on the way to a page of 4 KiB: 3 for Sv39.
  let levels: Int

  /// Nil when addresses are not translated, or in an unknown way.
  init?(satp: UInt64) {
    guard let levels = [8: 3, 9: 4, 10: 5][satp >> 60] else { return nil }
    self.satp = satp
    self.levels = levels
  }

  /// `Sv39`.
  var name: String { "Sv\(bits)" }

  /// Where the first table lies.
  var root: UInt64 { (satp & (1 << 44 - 1)) << 12 }

  /// The number that tells this address space from others in a hart's cache of
  /// translations. The manual calls it ASID.
  var number: UInt64 { satp >> 44 & 0xFFFF }

  /// How many bits of an address count.
  private var bits: Int { 12 + 9 * levels }

  /// Bits above those that count repeat the highest of them.
  func canonical(_ address: UInt64) -> UInt64 {
    let rest = 64 - UInt64(bits)
    return UInt64(bitPattern: Int64(bitPattern: address << rest) >> rest)
  }
}
