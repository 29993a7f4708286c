// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 3.1: a page table entry in words. See `make hint EX=3.1`.

import Console
import Todo

extension TextOutput where Self: ~Copyable {
  /// Writes what a page table entry means, on one line and without its end:
  ///
  ///     nothing                       the bit V is 0
  ///     table at 0x80405000           the way to the next table
  ///     page at 0x80200000 r-x--a-    a page, and what may be done with it
  ///     reserved                      the hart refuses it
  ///
  /// The bits of an entry, from the lowest:
  ///
  ///     0 V valid     1 R read    2 W write      3 X execute
  ///     4 U user      5 G global  6 A accessed   7 D dirty
  ///     8, 9 free     10 to 53 number of the frame    54 to 63 see below
  ///
  /// An entry with none of R, W, X leads to a table; all others are pages.
  /// The letters of a page are `rwxugad`, with a `-` for each bit that is 0.
  /// Addresses are written with at least eight digits: the number of the frame
  /// times 4096.
  ///
  /// A valid entry is reserved if it may be written but not read, if it leads
  /// to a table and has U, A or D set, or if one of its bits 54 to 60 is set.
  ///
  /// - Parameter entry: The 64 bits of the entry.
  public mutating func write(entry: UInt64) {
    // TODO: nothing, reserved, a table or a page? Remove `todo`.
    todo("3.1")
  }
}
