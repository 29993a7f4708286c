// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Why the running code itself has trapped.
///
/// Privileged specification, table "Supervisor cause register (scause) values
/// after trap", interrupt bit 0.
public enum Exception: Equatable, Sendable {
  case instructionMisaligned
  case instructionAccessFault
  case illegalInstruction
  case breakpoint
  case loadMisaligned
  case loadAccessFault
  case storeMisaligned
  case storeAccessFault
  case callFromUser
  case callFromSupervisor
  case instructionPageFault
  case loadPageFault
  case storePageFault
  /// A code that the manual leaves open.
  case reserved(UInt64)

  /// The exception with the manual's number `code`.
  public init(code: UInt64) {
    self =
      switch code {
      case 0: .instructionMisaligned
      case 1: .instructionAccessFault
      case 2: .illegalInstruction
      case 3: .breakpoint
      case 4: .loadMisaligned
      case 5: .loadAccessFault
      case 6: .storeMisaligned
      case 7: .storeAccessFault
      case 8: .callFromUser
      case 9: .callFromSupervisor
      case 12: .instructionPageFault
      case 13: .loadPageFault
      case 15: .storePageFault
      default: .reserved(code)
      }
  }

  /// What happened, in a few words.
  public var name: StaticString {
    switch self {
    case .instructionMisaligned: "jump to a misaligned address"
    case .instructionAccessFault: "no instruction can be fetched there"
    case .illegalInstruction: "illegal instruction"
    case .breakpoint: "breakpoint"
    case .loadMisaligned: "misaligned load"
    case .loadAccessFault: "nothing can be loaded there"
    case .storeMisaligned: "misaligned store"
    case .storeAccessFault: "nothing can be stored there"
    case .callFromUser: "environment call from U-mode"
    case .callFromSupervisor: "environment call from S-mode"
    case .instructionPageFault: "page fault while fetching an instruction"
    case .loadPageFault: "page fault while loading"
    case .storePageFault: "page fault while storing"
    case .reserved: "unknown exception"
    }
  }

  /// Whether the page tables have refused an address.
  public var isPageFault: Bool {
    switch self {
    case .instructionPageFault, .loadPageFault, .storePageFault: true
    default: false
    }
  }

  /// What the trap's value (`stval`) means for this exception.
  public enum ValueMeaning: Equatable, Sendable {
    /// The address that could not be used.
    case address
    /// The bits of the instruction, or 0 if the hart does not tell.
    case instruction
    case nothing
  }

  /// What the trap's value (`stval`) means for this exception.
  public var valueMeaning: ValueMeaning {
    switch self {
    case .illegalInstruction: .instruction
    // For a breakpoint it may be the address of the instruction, or 0.
    case .breakpoint, .callFromUser, .callFromSupervisor, .reserved: .nothing
    default: .address
    }
  }
}

/// What outside the running code has interrupted it.
///
/// Privileged specification, the same table, interrupt bit 1.
public enum HartInterrupt: Int, Equatable, Sendable {
  case software
  case timer
  case external

  /// The interrupt with the manual's number `code`, or nil for one that this
  /// kernel never enables.
  public init?(code: UInt64) {
    switch code {
    case 1: self = .software
    case 5: self = .timer
    case 9: self = .external
    default: return nil
    }
  }

  /// This interrupt's bit in `sie` and `sip`.
  public var bit: InterruptSet {
    switch self {
    case .software: .software
    case .timer: .timer
    case .external: .external
    }
  }
}

/// A trap's cause with its name.
public enum TrapReason: Equatable, Sendable {
  case exception(Exception)
  case interrupt(HartInterrupt)
  case unknownInterrupt(UInt64)

  /// What happened, in a few words.
  public var name: StaticString {
    switch self {
    case .exception(let exception): exception.name
    case .interrupt(.software): "software interrupt without a handler"
    case .interrupt(.timer): "timer interrupt without a handler"
    case .interrupt(.external): "device interrupt without a handler"
    case .unknownInterrupt: "interrupt of an unknown kind"
    }
  }

  /// What the bits in `scause` mean.
  public init(_ cause: TrapCause) {
    guard cause.isInterrupt else {
      self = .exception(Exception(code: cause.code))
      return
    }
    guard let interrupt = HartInterrupt(code: cause.code) else {
      self = .unknownInterrupt(cause.code)
      return
    }
    self = .interrupt(interrupt)
  }
}

extension TrapFrame {
  /// Why the hart trapped, with its name.
  public var reason: TrapReason { TrapReason(cause) }
}
