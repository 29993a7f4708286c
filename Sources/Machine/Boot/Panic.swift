// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart
  import Console
  import Hart
  import SBI

  // Written by the hart that panics first, with interrupts off.
  private nonisolated(unsafe) var panics = 0

  // Set by the boot hart, with interrupts off.
  private nonisolated(unsafe) var contextWords: (@convention(c) () -> Void)?

  /// Has every panic print `words` behind the number of the hart: a scheduler
  /// names the thread that ran. Nil for no words.
  public func onPanic(describe words: (@convention(c) () -> Void)?) {
    unsafe contextWords = words
  }

  /// Ends the machine because the program cannot go on, and says why.
  ///
  /// Prints the message, where it comes from, and the calls that led there,
  /// and ends QEMU with the status 70. May be called from anywhere, an
  /// interrupt and another panic included.
  ///
  /// - Parameters:
  ///   - message: What is wrong, and what could be done about it.
  ///   - file: The source file; leave it out.
  ///   - line: The line in that file; leave it out.
  @inline(__always)
  public func panic(
    _ message: @autoclosure () -> Message,
    file: StaticString = #fileID, line: Int = #line
  ) -> Never {
    beginPanic()
    put(message())
    endPanic(
      file, line, pc: hart_program_counter(), from: hart_frame_pointer())
  }

  /// What all panics say behind their message. Never inlined: a program has
  /// many places that may panic.
  @inline(never)
  func endPanic(
    _ file: StaticString, _ line: Int, pc: UInt64, from framePointer: UInt64
  ) -> Never {
    print()
    print("  at \(file):\(line)")
    put("  hart \(Hart.id)")
    unsafe contextWords?()
    print()
    printBacktrace(pc: pc, from: framePointer, above: framePointer &- 16)
    powerOff(ExitStatus.panic)
  }

  /// Ends the machine because of a trap, and says what the hart was doing.
  ///
  /// - Parameters:
  ///   - frame: What the trap interrupted.
  ///   - message: What is wrong.
  ///   - explain: Prints more about it, in lines indented by two.
  @inline(__always)
  public func panic(
    _ frame: TrapFrame, _ message: @autoclosure () -> Message,
    explain: () -> Void = {}
  ) -> Never {
    beginPanic()
    print(message())
    explain()
    endPanic(frame)
  }

  @inline(never)
  func endPanic(_ frame: TrapFrame) -> Never {
    put("  at \(hex: frame.pc, digits: 16) on hart \(Hart.id)")
    unsafe contextWords?()
    print()
    printRegisters(frame)
    // After a jump to nowhere, only ra knows where it came from.
    let isLost = !Image.running.text.contains(frame.pc)
    printBacktrace(
      pc: frame.pc, caller: isLost ? frame[register: 1] : nil,
      from: frame.framePointer, above: frame.stackPointer)
    powerOff(ExitStatus.panic)
  }

  /// The first panic goes on; one inside it says so and ends the machine.
  @inline(never)
  private func beginPanic() {
    Hart.disableInterrupts()
    unsafe panics += 1
    guard unsafe panics == 1 else { hart_last_words() }
    put("\npanic: ")
  }

  /// Called by trap.S when a panic fails: on the emergency stack, interrupts
  /// and translation off. Needs the firmware and the device tree, and nothing
  /// that a program may have damaged. A trap in here stops the machine.
  @c(boot_last_words)
  func lastWords() -> Never {
    var console = SBIConsole()
    console.write("\npanic: a panic failed while it was explaining itself\n")
    powerOff(ExitStatus.panicInPanic)
  }

  /// Lines of the form `  #1 0x0000000080201234`. The runner gives each the
  /// function, file and line that the image's debug information has for it;
  /// all but the first are return addresses.
  ///
  /// - Parameters:
  ///   - pc: The place itself.
  ///   - caller: Where it came from, if its frame does not tell.
  ///   - framePointer: The register s0 there.
  ///   - stackPointer: No frame lies below it.
  private func printBacktrace(
    pc: UInt64, caller: UInt64? = nil, from framePointer: UInt64,
    above stackPointer: UInt64
  ) {
    print("backtrace:")
    print("  #0 \(hex: pc, digits: 16)")
    var number = 1
    if let caller {
      print("  #1 \(hex: caller, digits: 16)")
      number = 2
    }
    // Without page tables, an overflow leaves its last frames below the stack.
    let bounds = Hart.stack
    let hasGuard = Hart.addressTranslation != 0
    let low = hasGuard ? bounds.lowerBound : stackPointer
    let stack = min(low, bounds.lowerBound)..<bounds.upperBound
    Backtrace.walk(from: framePointer, within: stack) { address in
      guard stack.contains(address) else { return nil }
      return unsafe UnsafePointer<UInt64>(bitPattern: UInt(address))?.pointee
    } visit: { returnAddress in
      print("  #\(number) \(hex: returnAddress, digits: 16)")
      number += 1
    }
  }

  private func printRegisters(_ frame: TrapFrame) {
    var console = SystemConsole()
    for number in 1..<32 {
      console.write("  ")
      for place in 0..<3 {
        unsafe console.write(registerNames.utf8Start[number * 3 + place])
      }
      console.write(" ")
      console.write(hex: frame[register: number], digits: 16)
      if number % 4 == 3 { print() }
    }
  }

  /// The names of x0 to x31 in the calling convention, three characters each
  /// (RISC-V ELF psABI, section "Integer Register Convention").
  private let registerNames: StaticString = """
    x0 ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 \
    a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10s11t3 t4 t5 t6 
    """
#endif
