// Wrong: `>` instead of `>=`: 1024 bytes stay bytes, 1024 KiB stay KiB.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(size bytes: UInt64) {
    var shift: UInt64 = 0
    while shift < 60, bytes >> shift > 1024 { shift += 10 }
    write(unsigned: bytes >> shift)
    let rest = bytes & ((1 << shift) - 1)
    if rest > 0 {
      write(".")
      write(unsigned: (rest * 10) >> shift)
    }
    switch shift {
    case 0: write(bytes == 1 ? " byte" : " bytes")
    case 10: write(" KiB")
    case 20: write(" MiB")
    case 30: write(" GiB")
    case 40: write(" TiB")
    case 50: write(" PiB")
    default: write(" EiB")
    }
  }
}
