// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// What the hart was doing when it trapped: all its registers.
///
/// A trap handler may change them; the hart goes on with what it finds there.
/// A value is good until the handler returns.
public typealias TrapFrame = hart_trap_frame_reference

extension hart_trap_frame_reference {
  /// The frame that trap.S saved at `frame`.
  ///
  /// - Precondition: The frame stays there for as long as this value is
  ///   used, that is, until the handler returns.
  @unsafe
  public init(at frame: UnsafeMutablePointer<hart_trap_frame>) {
    unsafe self.init(frame: frame)
  }

  /// Where the hart was, and where it goes on. The manual calls it `sepc`.
  public var pc: UInt64 {
    get { unsafe frame.pointee.pc }
    nonmutating set { unsafe frame.pointee.pc = newValue }
  }

  /// How the hart ran. The manual calls it `sstatus`.
  public var status: HartStatus {
    HartStatus(rawValue: unsafe frame.pointee.status)
  }

  /// Why it trapped. The manual calls it `scause`.
  public var cause: TrapCause {
    TrapCause(rawValue: unsafe frame.pointee.cause)
  }

  /// The address or the instruction at fault, where there is one. The manual
  /// calls it `stval`.
  public var value: UInt64 { unsafe frame.pointee.value }

  /// The address of this frame itself.
  public var address: UInt64 { UInt64(UInt(bitPattern: unsafe frame)) }

  /// The register x`number`, from 0 to 31; x0 is always 0.
  public subscript(register number: Int) -> UInt64 {
    get {
      precondition(number >= 0 && number < 32)
      return number == 0 ? 0 : unsafe words[number]
    }
    nonmutating set {
      precondition(number > 0 && number < 32)
      unsafe words[number] = newValue
    }
  }

  /// The stack pointer, x2.
  public var stackPointer: UInt64 { self[register: 2] }

  /// Whether the stack pointer was where this hart's stack is, with room for a
  /// frame below it: what trap.S asks as well. If not, the stack has
  /// overflowed, or the pointer was lost.
  public var isStackInBounds: Bool {
    let size = UInt64(MemoryLayout<hart_trap_frame>.size)
    return stackPointer >= Hart.stack.lowerBound &+ size
      && stackPointer <= Hart.stack.upperBound
  }

  /// The frame pointer, x8.
  public var framePointer: UInt64 { self[register: 8] }

  /// Lets the hart go on behind the instruction at `pc`, whose length stands
  /// in its lowest two bits (unprivileged specification, section "Expanded
  /// Instruction-Length Encoding").
  public func skipInstruction() {
    unsafe pc += hart_load8(pc) & 0b11 == 0b11 ? 4 : 2
  }

  private var words: UnsafeMutablePointer<UInt64> {
    unsafe UnsafeMutableRawPointer(frame)
      .assumingMemoryBound(to: UInt64.self)
  }
}
