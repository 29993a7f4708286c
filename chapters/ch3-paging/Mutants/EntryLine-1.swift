// Misses the point: takes the frame's number for its address, short of the
// last 12 bits.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(entry: UInt64) {
    guard entry & 1 != 0 else { return write("nothing") }
    let access = entry & 0b1110
    guard access != 0b0100, access != 0b1100, entry >> 54 & 0x7F == 0 else {
      return write("reserved")
    }
    if access == 0, entry & 0b1101_0000 != 0 { return write("reserved") }
    write(access == 0 ? "table at " : "page at ")
    write(hex: entry >> 10 & (1 << 44 - 1), digits: 8)
    guard access != 0 else { return }
    write(" ")
    let letters: [7 of UInt8] = [0x72, 0x77, 0x78, 0x75, 0x67, 0x61, 0x64]
    for place in 0..<7 {
      let isSet = entry >> UInt64(place + 1) & 1 != 0
      write(isSet ? letters[place] : UInt8(ascii: "-"))
    }
  }
}
