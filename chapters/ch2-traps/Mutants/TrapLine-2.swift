// Wrong: bit 63 stays in the number, so that no interrupt has a name.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(cause: UInt64, status: UInt64) {
    if cause >> 63 == 1 {
      switch cause {
      case 1: write("software interrupt")
      case 5: write("timer interrupt")
      case 9: write("device interrupt")
      default:
        write("interrupt ")
        write(unsigned: cause)
      }
    } else {
      switch cause {
      case 0, 1, 12: write("fetch fault ")
      case 4, 5, 13: write("load fault ")
      case 6, 7, 15: write("store fault ")
      default: write("exception ")
      }
      write(unsigned: cause)
    }
    write(status & 0x100 != 0 ? " in S-mode" : " in U-mode")
    write(status & 0x20 != 0 ? ", interrupts on" : ", interrupts off")
  }
}
