// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 1.1: sizes that people read. See `make hint EX=1.1`.

import Console
import Todo

extension TextOutput where Self: ~Copyable {
  /// Writes a number of bytes the way people read it, such as `64 KiB`.
  ///
  /// The unit is the largest one that fits at least once: bytes, KiB (1024
  /// bytes), MiB (1024 KiB), GiB, TiB, PiB or EiB. A whole number of units has
  /// no decimal; any other has one, rounded down:
  ///
  ///     0  0 bytes        1024  1 KiB          1536  1.5 KiB
  ///     1  1 byte        65536  64 KiB         2047  1.9 KiB
  ///
  /// Every `UInt64` can be written. Nothing is allocated: no Array, no String.
  public mutating func write(size bytes: UInt64) {
    // TODO: write the number, then a space and the unit. Remove `todo`.
    // `write(unsigned:)` writes a number, and `write(" KiB")` text: see
    // Sources/Machine/Console/Formatting.swift.
    todo("1.1")
  }
}
