// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import Console
  import Hart
  import SBI

  /// Ends the program: stops what the init table has started, in reverse
  /// order, and powers the machine off.
  ///
  /// The end of the top-level code does the same with the status 0.
  ///
  /// - Parameter status: 0 for success, 1 to 255 for what the program means
  ///   by it. Other numbers become 255.
  public func exit(_ status: Int = 0) -> Never {
    InitTable.stop()
    powerOff(status)
  }

  /// Powers the machine off at once. Debuggers know it as `boot_power_off`:
  /// the last place where everything is still there.
  @c(boot_power_off)
  @inline(never)
  func powerOff(_ status: Int) -> Never {
    Hart.disableInterrupts()
    if let address = Board.powerDevice {
      // Page tables may not know the device, or may be what has failed.
      unsafe hart_store32_physical(address, ExitStatus.powerWord(status))
    }
    if status != 0 {
      // The firmware can end the machine, but hands no status on.
      var console = SBIConsole()
      console.write("the status is lost: the board has no sifive,test0\n")
    }
    SBI.powerOff(reason: status == 0 ? .none : .systemFailure)
    while true { Hart.waitForInterrupt() }
  }
#endif
