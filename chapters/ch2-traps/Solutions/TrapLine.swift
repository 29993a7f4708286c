// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 2.1: a trap in one line. See `make hint EX=2.1`.

import Console
//@ solution
//@ stub
//| import Todo
//@ end

extension TextOutput where Self: ~Copyable {
  /// Writes what two control registers tell about a trap, on one line and
  /// without its end:
  ///
  ///     timer interrupt in S-mode, interrupts on
  ///     load fault 13 in U-mode, interrupts off
  ///
  /// First what happened, from `cause`. Its bit 63 tells an interrupt from an
  /// exception, the other bits are a number:
  ///
  ///     interrupt  1 software interrupt   5 timer interrupt
  ///                9 device interrupt     any other N: interrupt N
  ///     exception  0, 1, 12: fetch fault N    4, 5, 13: load fault N
  ///                6, 7, 15: store fault N    any other N: exception N
  ///
  /// Then where the hart was, from `status`: in S-mode if bit 8 is set, else
  /// in U-mode. Then whether interrupts were on before the trap. The trap
  /// itself has turned them off in bit 1, and has kept what was there in bit 5.
  ///
  /// - Parameters:
  ///   - cause: The register `scause`.
  ///   - status: The register `sstatus`, right after the trap.
  public mutating func write(cause: UInt64, status: UInt64) {
    //@ solution
    if cause >> 63 != 0 {
      write(interrupt: cause & ~(1 << 63))
    } else {
      write(exception: cause)
    }
    write(status & 1 << 8 != 0 ? " in S-mode" : " in U-mode")
    write(status & 1 << 5 != 0 ? ", interrupts on" : ", interrupts off")
    //@ stub
    //| // TODO: what happened, where, and with interrupts on or off. Remove
    //| // `todo`.
    //| todo("2.1")
    //@ end
  }
  //@ solution

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
  //@ stub
  //@ end
}
