// Wrong: of what is left over, only the next smaller unit is looked at.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(size bytes: UInt64) {
    guard bytes >= 1024 else {
      write(unsigned: bytes)
      return write(bytes == 1 ? " byte" : " bytes")
    }
    let power = (63 - bytes.leadingZeroBitCount) / 10
    let shift = power * 10
    write(unsigned: bytes >> shift)
    let rest = bytes & ((1 << shift) - 1)
    if rest > 0 {
      write(".")
      write(unsigned: (rest >> (shift - 10)) * 10 / 1024)
    }
    write(unit(power))
  }
}

private func unit(_ power: Int) -> StaticString {
  switch power {
  case 1: " KiB"
  case 2: " MiB"
  case 3: " GiB"
  case 4: " TiB"
  case 5: " PiB"
  default: " EiB"
  }
}
