// Wrong: an address has no more digits than it needs.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(entry: UInt64) {
    guard entry & 1 != 0 else { return write("nothing") }
    guard !isReserved(entry) else { return write("reserved") }
    let isTable = entry & 0b1110 == 0
    write(isTable ? "table at " : "page at ")
    write(hex: (entry >> 10 & (1 << 44 - 1)) * 4096)
    guard !isTable else { return }
    write(" ")
    writeLetters(of: entry)
  }

  private mutating func writeLetters(of entry: UInt64) {
    let letters: [7 of UInt8] = [0x72, 0x77, 0x78, 0x75, 0x67, 0x61, 0x64]
    for place in 0..<7 {
      let isSet = entry >> UInt64(place + 1) & 1 != 0
      write(isSet ? letters[place] : UInt8(ascii: "-"))
    }
  }
}

private func isReserved(_ entry: UInt64) -> Bool {
  if entry >> 54 & 0x7F != 0 { return true }
  switch entry & 0b1110 {
  case 0b0000: return entry & 0b1101_0000 != 0
  case 0b0100, 0b1100: return true
  default: return false
  }
}
