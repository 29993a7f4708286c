// Wrong: reads bit 1 of sstatus, which the trap itself has cleared.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(cause: UInt64, status: UInt64) {
    let number = cause & (UInt64.max >> 1)
    if cause >> 63 == 1 {
      switch number {
      case 1: write("software interrupt")
      case 5: write("timer interrupt")
      case 9: write("device interrupt")
      default:
        write("interrupt ")
        write(unsigned: number)
      }
    } else {
      switch number {
      case 0, 1, 12: write("fetch fault ")
      case 4, 5, 13: write("load fault ")
      case 6, 7, 15: write("store fault ")
      default: write("exception ")
      }
      write(unsigned: number)
    }
    write(status & 0x100 != 0 ? " in S-mode" : " in U-mode")
    write(status & 0x2 != 0 ? ", interrupts on" : ", interrupts off")
  }
}
