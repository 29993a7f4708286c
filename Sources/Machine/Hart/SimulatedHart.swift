// SPDX-License-Identifier: BSD-3-Clause

#if !arch(riscv64)
  import CHart

  /// A hart for tests: control registers, a firmware and a log, all ordinary
  /// values.
  ///
  ///     let hart = SimulatedHart()
  ///     hart.firmware = { call in .init(value: 2) }
  ///     hart.run { … code that believes that it runs on a hart … }
  ///
  /// A value belongs to the one test that made it: it is not for several
  /// threads at once.
  @safe public final class SimulatedHart: @unchecked Sendable {
    @TaskLocal static var current = SimulatedHart()

    /// What the code under test did, in order.
    public enum Event: Equatable, Sendable {
      case waitedForInterrupt
      case fenced
      case fencedInstructions
      case fencedTranslations
      case fencedTranslation(of: UInt64)
      case hitBreakpoint
      case hitIllegalInstruction
      case called(extensionID: UInt64, function: UInt64, arguments: [UInt64])
    }

    /// The log since this hart was made.
    public private(set) var events: [Event] = []

    /// Answers the code's calls; without one, every call is "not supported".
    public var firmware: (EnvironmentCall) -> EnvironmentCall.Answer = { _ in
      .init(error: -2)
    }

    /// Called when the code waits for an interrupt: the place to let the
    /// time pass.
    public var onWait: (SimulatedHart) -> Void = { _ in }

    /// Called each time that the code lets interrupts in: the place to let one
    /// come.
    public var onInterruptsEnabled: ((SimulatedHart) -> Void)?

    /// Whether the hart has no way to translate addresses.
    public var ignoresTranslation = false

    /// The number of this hart.
    public var id: UInt64 = 0

    /// The addresses of its stack.
    public var stack: Range<UInt64> = 0..<0

    let bootContext = UnsafeMutablePointer<hart_context>.allocate(capacity: 1)
    var context: UnsafeMutablePointer<hart_context>
    var scheduler: UInt64 = 0
    var isInInterrupt = false
    var registers: [ControlRegister: UInt64] = [:]

    /// A hart at reset: all registers 0, interrupts off.
    public init() {
      unsafe bootContext.initialize(to: hart_context())
      unsafe context = unsafe bootContext
    }

    deinit { unsafe bootContext.deallocate() }

    /// Runs `body` on this hart.
    public func run<Result>(_ body: () throws -> Result) rethrows -> Result {
      try Self.$current.withValue(self, operation: body)
    }

    /// The clock, in ticks.
    public var time: UInt64 {
      get { registers[.time, default: 0] }
      set { registers[.time] = newValue }
    }

    /// The last deadline given to the Sstc timer, in ticks.
    public var timerComparison: UInt64? { registers[.timerComparison] }

    /// The interrupts that are pending.
    public var pendingInterrupts: InterruptSet {
      get { .init(rawValue: registers[.interruptPending, default: 0]) }
      set { registers[.interruptPending] = newValue.rawValue }
    }

    func record(_ event: Event) { events.append(event) }
  }

  /// The hart that the running test has made.
  enum Machine {
    static var id: UInt64 { SimulatedHart.current.id }
    static var stack: Range<UInt64> { SimulatedHart.current.stack }

    static var context: UnsafeMutablePointer<hart_context> {
      get { unsafe SimulatedHart.current.context }
      set { unsafe SimulatedHart.current.context = unsafe newValue }
    }

    static var scheduler: UInt64 {
      get { SimulatedHart.current.scheduler }
      set { SimulatedHart.current.scheduler = newValue }
    }

    static var isInInterrupt: Bool {
      get { SimulatedHart.current.isInInterrupt }
      set { SimulatedHart.current.isInInterrupt = newValue }
    }

    static func switchContext(
      _ from: UnsafeMutablePointer<hart_context>,
      _ to: UnsafeMutablePointer<hart_context>, _ status: UInt64
    ) {
      let hart = SimulatedHart.current
      unsafe hart.context = unsafe to
      unsafe hart.stack = to.pointee.stack
      unsafe hart_switch(from, to, status)
      // The board's switch does it in its last instruction but one.
      if status != 0 { _ = set(.status, status) }
    }

    static func resume(_ to: UnsafeMutablePointer<hart_context>) -> Never {
      let hart = SimulatedHart.current
      unsafe hart.context = unsafe to
      unsafe hart.stack = to.pointee.stack
      unsafe hart_resume(0, to)
    }

    static func read(_ register: ControlRegister) -> UInt64 {
      SimulatedHart.current.registers[register, default: 0]
    }

    static func write(_ register: ControlRegister, _ value: UInt64) {
      let hart = SimulatedHart.current
      if register == .addressTranslation, hart.ignoresTranslation { return }
      hart.registers[register] = value
    }

    static func set(_ register: ControlRegister, _ bits: UInt64) -> UInt64 {
      let old = read(register)
      write(register, old | bits)
      if register == .status, HartStatus.interruptsEnabled.rawValue & bits != 0
      {
        let hart = SimulatedHart.current
        hart.onInterruptsEnabled?(hart)
      }
      return old
    }

    static func clear(_ register: ControlRegister, _ bits: UInt64) -> UInt64 {
      let old = read(register)
      write(register, old & ~bits)
      return old
    }

    static func waitForInterrupt() {
      let hart = SimulatedHart.current
      hart.record(.waitedForInterrupt)
      hart.onWait(hart)
    }

    static func fence() { SimulatedHart.current.record(.fenced) }

    static func fenceInstructions() {
      SimulatedHart.current.record(.fencedInstructions)
    }

    static func fenceTranslations() {
      SimulatedHart.current.record(.fencedTranslations)
    }

    static func fenceTranslation(of address: UInt64) {
      SimulatedHart.current.record(.fencedTranslation(of: address))
    }

    static func breakpoint() { SimulatedHart.current.record(.hitBreakpoint) }

    static func illegalInstruction() {
      SimulatedHart.current.record(.hitIllegalInstruction)
    }

    static func call(_ call: EnvironmentCall) -> EnvironmentCall.Answer {
      let hart = SimulatedHart.current
      let (a0, a1, a2, a3, a4) = call.arguments
      hart.record(
        .called(
          extensionID: call.extensionID, function: call.function,
          arguments: [a0, a1, a2, a3, a4]))
      return hart.firmware(call)
    }
  }
#endif
