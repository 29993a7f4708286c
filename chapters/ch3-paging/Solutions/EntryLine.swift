// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 3.1: a page table entry in words. See `make hint EX=3.1`.

import Console
//@ solution
//@ stub
//| import Todo
//@ end

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
    //@ solution
    guard entry & 1 != 0 else { return write("nothing") }
    guard !isReserved(entry) else { return write("reserved") }
    let isTable = entry & 0b1110 == 0
    write(isTable ? "table at " : "page at ")
    write(hex: (entry >> 10 & (1 << 44 - 1)) * 4096, digits: 8)
    guard !isTable else { return }
    write(" ")
    writeLetters(of: entry)
    //@ stub
    //| // TODO: nothing, reserved, a table or a page? Remove `todo`.
    //| todo("3.1")
    //@ end
  }
  //@ solution

  private mutating func writeLetters(of entry: UInt64) {
    let letters: [7 of UInt8] = [0x72, 0x77, 0x78, 0x75, 0x67, 0x61, 0x64]
    for place in 0..<7 {
      let isSet = entry >> UInt64(place + 1) & 1 != 0
      write(isSet ? letters[place] : UInt8(ascii: "-"))
    }
  }
  //@ stub
  //@ end
}
//@ solution

private func isReserved(_ entry: UInt64) -> Bool {
  if entry >> 54 & 0x7F != 0 { return true }
  switch entry & 0b1110 {
  case 0b0000: return entry & 0b1101_0000 != 0
  case 0b0100, 0b1100: return true
  default: return false
  }
}
//@ stub
//@ end
