// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import CHart

  /// The real hart: each function is the instruction that it names.
  enum Machine {
    static var id: UInt64 { unsafe hart_current().pointee.id }

    static var stack: Range<UInt64> {
      unsafe hart_current().pointee.context.pointee.stack
    }

    @inline(__always)
    static var context: UnsafeMutablePointer<hart_context> {
      get { unsafe hart_current().pointee.context }
      set { unsafe hart_current().pointee.context = unsafe newValue }
    }

    @inline(__always)
    static var scheduler: UInt64 {
      get { unsafe hart_current().pointee.scheduler }
      set { unsafe hart_current().pointee.scheduler = newValue }
    }

    @inline(__always)
    static var isInInterrupt: Bool {
      get { unsafe hart_current().pointee.in_interrupt != 0 }
      set { unsafe hart_current().pointee.in_interrupt = newValue ? 1 : 0 }
    }

    @inline(__always)
    static func switchContext(
      _ from: UnsafeMutablePointer<hart_context>,
      _ to: UnsafeMutablePointer<hart_context>, _ status: UInt64
    ) {
      unsafe hart_switch(from, to, status)
    }

    static func resume(_ to: UnsafeMutablePointer<hart_context>) -> Never {
      unsafe hart_resume(0, to)
    }

    @inline(__always)
    static func read(_ register: ControlRegister) -> UInt64 {
      switch register {
      case .status: csr_read_sstatus()
      case .interruptEnable: csr_read_sie()
      case .interruptPending: csr_read_sip()
      case .timerComparison: csr_read_stimecmp()
      case .addressTranslation: csr_read_satp()
      case .time: csr_read_time()
      case .cycles: csr_read_cycle()
      case .instructions: csr_read_instret()
      }
    }

    @inline(__always)
    static func write(_ register: ControlRegister, _ value: UInt64) {
      switch register {
      case .status: csr_write_sstatus(value)
      case .interruptEnable: csr_write_sie(value)
      case .interruptPending: csr_write_sip(value)
      case .timerComparison: csr_write_stimecmp(value)
      case .addressTranslation: csr_write_satp(value)
      case .time, .cycles, .instructions: break  // read only
      }
    }

    @inline(__always)
    static func set(_ register: ControlRegister, _ bits: UInt64) -> UInt64 {
      switch register {
      case .status: csr_set_sstatus(bits)
      case .interruptEnable: csr_set_sie(bits)
      case .interruptPending: csr_set_sip(bits)
      case .timerComparison: csr_set_stimecmp(bits)
      case .addressTranslation: csr_set_satp(bits)
      case .time, .cycles, .instructions: read(register)  // read only
      }
    }

    @inline(__always)
    static func clear(_ register: ControlRegister, _ bits: UInt64) -> UInt64 {
      switch register {
      case .status: csr_clear_sstatus(bits)
      case .interruptEnable: csr_clear_sie(bits)
      case .interruptPending: csr_clear_sip(bits)
      case .timerComparison: csr_clear_stimecmp(bits)
      case .addressTranslation: csr_clear_satp(bits)
      case .time, .cycles, .instructions: read(register)  // read only
      }
    }

    static func waitForInterrupt() { hart_wait_for_interrupt() }
    static func fence() { hart_fence() }
    static func fenceInstructions() { hart_fence_instructions() }
    static func fenceTranslations() { hart_fence_translations() }
    static func fenceTranslation(of address: UInt64) {
      hart_fence_translation(address)
    }
    static func breakpoint() { hart_breakpoint() }
    static func illegalInstruction() { hart_illegal_instruction() }

    static func call(_ call: EnvironmentCall) -> EnvironmentCall.Answer {
      let result = hart_environment_call(
        call.extensionID, call.function, call.arguments.0, call.arguments.1,
        call.arguments.2, call.arguments.3, call.arguments.4)
      return .init(
        error: Int(result.error), value: UInt64(bitPattern: result.value))
    }
  }

  extension Hart {
    /// Has every trap of this hart call `handler`, with interrupts off and the
    /// frame of what was interrupted.
    ///
    /// - Precondition: `handler` does not keep the frame.
    @unsafe
    @inline(never)
    public static func setTrapHandler(
      _ handler:
        @escaping @convention(c) (
          UnsafeMutablePointer<hart_trap_frame>
        ) -> Void
    ) {
      unsafe hart_current().pointee.trap_handler = unsafe handler
    }
  }
#endif
