// Wrong: of the cause, only the lowest 32 bits are looked at.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(cause: UInt64, status: UInt64) {
    if cause >> 63 != 0 {
      write(interrupt: cause & 0xFFFF_FFFF)
    } else {
      write(exception: cause & 0xFFFF_FFFF)
    }
    write(status & 1 << 8 != 0 ? " in S-mode" : " in U-mode")
    write(status & 1 << 5 != 0 ? ", interrupts on" : ", interrupts off")
  }

  private mutating func write(interrupt number: UInt64) {
    switch number {
    case 1: write("software interrupt")
    case 5: write("timer interrupt")
    case 9: write("device interrupt")
    default:
      write("interrupt ")
      write(unsigned: number)
    }
  }

  private mutating func write(exception number: UInt64) {
    switch number {
    case 0, 1, 12: write("fetch fault ")
    case 4, 5, 13: write("load fault ")
    case 6, 7, 15: write("store fault ")
    default: write("exception ")
    }
    write(unsigned: number)
  }
}
