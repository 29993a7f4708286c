// Misses the point: only numbers, no words for what happened.
// SPDX-License-Identifier: BSD-3-Clause

import Console

extension TextOutput where Self: ~Copyable {
  public mutating func write(cause: UInt64, status: UInt64) {
    if cause >> 63 != 0 {
      write(interrupt: cause & ~(1 << 63))
    } else {
      write(exception: cause)
    }
    write(status & 1 << 8 != 0 ? " in S-mode" : " in U-mode")
    write(status & 1 << 5 != 0 ? ", interrupts on" : ", interrupts off")
  }

  private mutating func write(interrupt number: UInt64) {
    write("interrupt ")
    write(unsigned: number)
  }

  private mutating func write(exception number: UInt64) {
    write("exception ")
    write(unsigned: number)
  }
}
