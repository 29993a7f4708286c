// SPDX-License-Identifier: BSD-3-Clause

/// What this hart may be interrupted by, or is waiting to be.
///
/// The manual calls the registers `sie` and `sip` (privileged specification,
/// section "Supervisor Interrupt Registers").
public struct InterruptSet: RegisterBits {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Another hart asks for attention. The manual calls it SSIP.
  public static let software = InterruptSet(rawValue: 1 << 1)
  /// The clock has reached the deadline. The manual calls it STIP.
  public static let timer = InterruptSet(rawValue: 1 << 5)
  /// A device asks for attention through the PLIC. The manual calls it SEIP.
  public static let external = InterruptSet(rawValue: 1 << 9)
}

/// How this hart runs, and how it ran before a trap.
///
/// The manual calls the register `sstatus` (privileged specification, section
/// "Supervisor Status Register").
public struct HartStatus: RegisterBits {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Lets this hart take interrupts. The manual calls it `sstatus.SIE`.
  public static let interruptsEnabled = HartStatus(rawValue: 1 << 1)
  /// Interrupts were enabled before the trap: `sstatus.SPIE`.
  public static let interruptsWereEnabled = HartStatus(rawValue: 1 << 5)
  /// The trap came from S-mode, not from U-mode: `sstatus.SPP`.
  public static let cameFromSupervisor = HartStatus(rawValue: 1 << 8)
}

/// The control registers that the libraries use; `Machine` reads and writes
/// them, on the board or simulated.
enum ControlRegister: Hashable {
  case status
  case interruptEnable
  case interruptPending
  case timerComparison
  case addressTranslation
  case time
  case cycles
  case instructions
}
