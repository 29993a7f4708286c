// Wrong: an entry that may be written or executed but not read is no table,
// and a table with A set is still taken for one.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(entry: UInt64) {
    guard entry & 1 != 0 else { return write("nothing") }
    guard entry >> 54 & 0x7F == 0 else { return write("reserved") }
    let address = (entry >> 10 & (1 << 44 - 1)) << 12
    guard entry & 0b1110 != 0 else {
      write("table at ")
      return write(hex: address, digits: 8)
    }
    write("page at ")
    write(hex: address, digits: 8)
    write(" ")
    let letters: [7 of UInt8] = [0x72, 0x77, 0x78, 0x75, 0x67, 0x61, 0x64]
    for place in 0..<7 {
      let isSet = entry >> UInt64(place + 1) & 1 != 0
      write(isSet ? letters[place] : UInt8(ascii: "-"))
    }
  }
}
