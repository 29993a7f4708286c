// SPDX-License-Identifier: BSD-3-Clause

/// The hardware thread that runs this code: its control registers by name.
///
/// Every member speaks of the hart it is called on and costs one instruction
/// on the board unless it says more. All of them may be called from an
/// interrupt. On the host they act on a `SimulatedHart`, so that the code
/// above runs unchanged under `swift test`.
public enum Hart {
  /// The number that the firmware and the device tree know this hart by. The
  /// manual calls it `mhartid`.
  public static var id: UInt64 { Machine.id }

  /// The addresses of the stack in use, from its end up to its beginning:
  /// stacks grow downwards.
  public static var stack: Range<UInt64> { Machine.stack }

  /// Ticks of the board's clock since some time before boot; the device tree
  /// tells how many make a second. The manual calls it `time`.
  public static var time: UInt64 { Machine.read(.time) }

  /// Instructions finished since some time before boot. The manual calls it
  /// `instret`.
  public static var instructionsRetired: UInt64 {
    Machine.read(.instructions)
  }

  /// Clock cycles since some time before boot. The manual calls it `cycle`.
  public static var cycles: UInt64 { Machine.read(.cycles) }

  /// Whether this hart takes interrupts now.
  public static var interruptsEnabled: Bool {
    HartStatus(rawValue: Machine.read(.status)).contains(.interruptsEnabled)
  }

  /// Lets this hart take interrupts from the next instruction on.
  public static func enableInterrupts() {
    _ = Machine.set(.status, HartStatus.interruptsEnabled.rawValue)
  }

  /// Stops this hart from taking interrupts.
  ///
  /// - Returns: Whether it took them before.
  @discardableResult
  public static func disableInterrupts() -> Bool {
    let before = Machine.clear(.status, HartStatus.interruptsEnabled.rawValue)
    return HartStatus(rawValue: before).contains(.interruptsEnabled)
  }

  /// Lets this hart take interrupts if it took them before: the end of what
  /// began with ``disableInterrupts()``. One instruction, without a branch.
  @inline(__always)
  public static func restoreInterrupts(_ wereEnabled: Bool) {
    let bit = HartStatus.interruptsEnabled.rawValue
    _ = Machine.set(.status, wereEnabled ? bit : 0)
  }

  /// Runs `body` with interrupts off, and leaves them as they were before.
  ///
  /// Scopes may be nested: only the end of the outermost one lets interrupts
  /// in again. Costs three instructions beside the body's.
  public static func withInterruptsDisabled<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = disableInterrupts()
    defer { restoreInterrupts(before) }
    return try body()
  }

  /// The kinds of interrupt that this hart listens to. The manual calls it
  /// `sie`.
  public static var enabledInterrupts: InterruptSet {
    InterruptSet(rawValue: Machine.read(.interruptEnable))
  }

  /// Listens to `kinds` of interrupt beside those listened to already.
  public static func enable(_ kinds: InterruptSet) {
    _ = Machine.set(.interruptEnable, kinds.rawValue)
  }

  /// No longer listens to `kinds` of interrupt.
  public static func disable(_ kinds: InterruptSet) {
    _ = Machine.clear(.interruptEnable, kinds.rawValue)
  }

  /// The kinds of interrupt that wait to be taken. The manual calls it `sip`.
  public static var pendingInterrupts: InterruptSet {
    InterruptSet(rawValue: Machine.read(.interruptPending))
  }

  /// Interrupts this hart as soon as it takes interrupts: for what has to wait
  /// until then. The manual calls it SSIP.
  public static func requestSoftwareInterrupt() {
    _ = Machine.set(.interruptPending, InterruptSet.software.rawValue)
  }

  /// Withdraws a software interrupt that another hart has sent.
  public static func clearSoftwareInterrupt() {
    _ = Machine.clear(.interruptPending, InterruptSet.software.rawValue)
  }

  /// Asks for a timer interrupt when `time` reaches `deadline`, in ticks.
  ///
  /// Works only where the device tree lists the extension Sstc, whose
  /// specification calls the register `stimecmp`; an illegal instruction
  /// elsewhere.
  public static func setTimerComparison(_ deadline: UInt64) {
    Machine.write(.timerComparison, deadline)
  }

  /// Sleeps until an interrupt is pending, even one that is disabled by
  /// `interruptsEnabled`; may wake without any. The manual calls it `WFI`.
  public static func waitForInterrupt() { Machine.waitForInterrupt() }

  /// Orders all earlier memory and device accesses before all later ones.
  public static func fence() { Machine.fence() }

  /// Makes this hart see instructions that were written to memory before.
  public static func fenceInstructions() { Machine.fenceInstructions() }

  /// How this hart translates addresses: the mode in the top four bits, 0 for
  /// not at all, and the number of the root table's frame in the lowest 44.
  /// The manual calls it `satp` (privileged specification, section
  /// "Supervisor Address Translation and Protection Register").
  public static var addressTranslation: UInt64 {
    Machine.read(.addressTranslation)
  }

  /// From the next instruction on, translates addresses as `satp` says.
  ///
  /// - Precondition: The tables map the running code and its stack where they
  ///   are now, and nothing else that is in use to another place.
  @unsafe
  public static func setAddressTranslation(_ satp: UInt64) {
    Machine.write(.addressTranslation, satp)
  }

  /// Makes this hart see all changes of page tables that were made before.
  /// The manual calls it `SFENCE.VMA`.
  public static func fenceTranslations() { Machine.fenceTranslations() }

  /// Makes this hart see changes of the page table entry that maps `address`.
  public static func fenceTranslation(of address: UInt64) {
    Machine.fenceTranslation(of: address)
  }

  /// Traps with the cause "breakpoint". The manual calls it `EBREAK`.
  public static func breakpoint() { Machine.breakpoint() }

  /// Traps with the cause "illegal instruction": the one whose bits are all 0,
  /// which the manual keeps illegal for ever.
  public static func illegalInstruction() { Machine.illegalInstruction() }
}
