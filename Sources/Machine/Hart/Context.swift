// SPDX-License-Identifier: BSD-3-Clause

import CHart

/// Where a thread goes on, while it does not run: what a scheduler keeps for
/// each, at the beginning of its record.
public typealias Context = hart_context

extension hart_context {
  /// Makes a context begin with `function(argument)`, interrupts enabled, on
  /// the empty stack at `stack`.
  ///
  /// - Precondition: `stack` is memory of the thread's own, and `function`
  ///   never returns.
  @unsafe
  public mutating func prepare(
    stack: Range<UInt64>, argument: UInt64,
    function: @convention(c) (UInt64) -> Void
  ) {
    unsafe hart_prepare_context(
      &self, stack.lowerBound, stack.upperBound,
      HartStatus.interruptsEnabled.rawValue, function, argument)
  }

  /// The lowest address that may hold a word of the thread's, while it does
  /// not run. The manual calls it `sp`.
  public var stackPointer: UInt64 { sp }

  /// The addresses of its stack.
  public var stack: Range<UInt64> {
    get { stack_low..<stack_high }
    set { (stack_low, stack_high) = (newValue.lowerBound, newValue.upperBound) }
  }

  /// Its frame pointer, from which its calls can be followed: `s0`.
  public var framePointer: UInt64 { s.0 }

  /// Where it goes on.
  public var pc: UInt64 { ra }
}

extension Hart {
  /// The context that runs on this hart: at first a nameless one, of the boot
  /// stack. On the host there is none before the first switch.
  @inline(__always)
  public static var context: UnsafeMutablePointer<hart_context> {
    unsafe Machine.context
  }

  /// From now on, the running code is this context's.
  ///
  /// - Precondition: `context` knows the bounds of the stack in use, and stays
  ///   where it is while it is this hart's.
  @unsafe
  public static func adopt(_ context: UnsafeMutablePointer<hart_context>) {
    unsafe Machine.context = unsafe context
  }

  #if arch(riscv64)
    /// The trap that is being handled on the emergency stack is dealt with, and
    /// its handler will not return: the stack is free for the next one.
    public static func leaveEmergency() {
      unsafe hart_current().pointee.emergencies = 0
    }
  #endif

  /// A word for whatever decides what runs next on this hart.
  @inline(__always)
  public static var scheduler: UInt64 {
    get { Machine.scheduler }
    set { Machine.scheduler = newValue }
  }

  /// Whether this hart is inside the handler of an interrupt, which must not
  /// wait: it runs on the stack of the thread that was interrupted, which would
  /// wait instead. Set by what calls the handlers.
  @inline(__always)
  public static var isInInterrupt: Bool {
    get { Machine.isInInterrupt }
    set { Machine.isInInterrupt = newValue }
  }

  /// Keeps where the caller is in `from`, and goes on where `to` was kept.
  /// Returns when a later switch goes back to `from`.
  ///
  /// Interrupts must be off. The other context has them as it left them; this
  /// one, once it goes on, gets them `restoringInterrupts` or stays without.
  ///
  /// - Precondition: `to` was prepared, or kept by this function, and does not
  ///   run on any hart.
  @unsafe
  @inline(__always)
  public static func switchContext(
    from: UnsafeMutablePointer<hart_context>,
    to: UnsafeMutablePointer<hart_context>, restoringInterrupts: Bool
  ) {
    let bit = HartStatus.interruptsEnabled.rawValue
    unsafe Machine.switchContext(from, to, restoringInterrupts ? bit : 0)
  }

  /// Goes on where `to` was kept, and never comes back. Interrupts must be
  /// off.
  ///
  /// - Precondition: What ``switchContext(from:to:restoringInterrupts:)`` asks
  ///   of `to`.
  @unsafe
  public static func resume(_ to: UnsafeMutablePointer<hart_context>) -> Never {
    unsafe Machine.resume(to)
  }
}
