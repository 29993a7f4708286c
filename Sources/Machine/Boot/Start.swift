// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import Console
  import Hart

  /// From the firmware to the program. start.S calls it on the boot stack,
  /// with `.bss` cleared.
  ///
  ///     start.S ─▶ here ─▶ init table ─▶ main.swift ─▶ exit
  @c(boot_start)
  func bootStart() -> Never {
    unsafe Hart.setTrapHandler(panicOnTrap)
    InitTable.start()
    let chance = Board.takeRandomness()
    if chance != 0 {
      // start.S has only had the time. This function never returns, so the
      // canary may change here and in no other place.
      hart_set_canary(Canary.value(chance: chance, time: Hart.time))
    }
    exit(Int(image_program(0, 0)))
  }

  /// A trap that no library handles ends the machine. The module Traps puts a
  /// better handler in its place.
  @c(boot_panic_on_trap)
  func panicOnTrap(_ saved: UnsafeMutablePointer<hart_trap_frame>) {
    let frame = unsafe TrapFrame(at: saved)
    guard frame.isStackInBounds else {
      panic(frame, "stack overflow")
    }
    panic(frame, "trap with cause \(hex: frame.cause.rawValue)") {
      if let reason = frame.cause.usualReason { print("  \(reason)") }
    }
  }

  /// Where Swift's own run-time failures write their text in debug images.
  @c(putchar)
  func putCharacter(_ character: Int32) -> Int32 {
    var console = SystemConsole()
    console.write(UInt8(truncatingIfNeeded: character))
    return character
  }

  /// A function found its stack frame overwritten when it was about to return.
  @c(__stack_chk_fail)
  func stackSmashed() -> Never {
    panic("stack smashed: a function wrote beyond its own variables")
  }
#endif
