// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// The number that the stack protector puts between a function's variables and
/// its return address, to find it changed if the function wrote too far.
///
/// It must differ from boot to boot: an attacker who knows it can write it
/// back.
enum Canary {
  /// A canary from what chance there is, of the firmware or of a device, and
  /// the time.
  ///
  /// Its first byte in memory is zero, so that a text that runs too far neither
  /// writes it back nor shows it. The mixing is FNV-1a (Fowler, Noll and Vo),
  /// which spreads what is random over all bits and adds nothing to it.
  static func value(chance: UInt64, time: UInt64) -> UInt64 {
    var mixed: UInt64 = 0xCBF2_9CE4_8422_2325 ^ time
    for byte in 0..<8 as Range<UInt64> {
      mixed = (mixed ^ chance >> (byte * 8) & 0xFF) &* 0x100_0000_01B3
    }
    mixed ^= mixed >> 32
    return mixed << 8
  }
}
