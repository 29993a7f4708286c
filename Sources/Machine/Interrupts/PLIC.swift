// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// Where the registers are, in bytes from the first (PLIC specification 1.0.0,
/// chapter "Memory Map").
private enum Register {
  static func priority(_ source: UInt32) -> Int { 4 * Int(source) }
  static func enable(_ context: Int, _ source: UInt32) -> Int {
    0x2000 + 0x80 * context + 4 * Int(source / 32)
  }
  static func threshold(_ context: Int) -> Int {
    0x20_0000 + 0x1000 * context
  }
  static func claim(_ context: Int) -> Int { threshold(context) + 4 }
}

/// The platform-level interrupt controller: the wires of all devices come
/// together here, and one leads to each hart.
///
///     disk ──1──▶ ┌──────┐
///     UART ─10──▶ │ PLIC │ ──▶ context 1: hart 0 in S-mode
///                 └──────┘
///
/// A wire is called a source, and has a number from 1 on. A context is a hart
/// in one of its modes: it hears of the sources that are enabled for it, if
/// their priority is above the context's threshold. It *claims* a source, which
/// keeps quiet from then on, and *completes* it when the device is served.
///
/// Every call costs a few instructions and may be made from an interrupt.
public struct PLIC<Bus: RegisterBus> {
  /// How many sources there are, at most 1023.
  public let sourceCount: UInt32

  private let bus: Bus
  private let context: Int

  /// The controller whose registers `bus` reaches, as the context sees it.
  ///
  /// Turns every source off for this context, and lets all priorities through.
  ///
  /// - Parameters:
  ///   - bus: The way to the registers.
  ///   - sourceCount: How many sources there are; of more than 1023, which
  ///     there cannot be, the first.
  ///   - context: From 0 to 15871.
  public init(bus: Bus, sourceCount: UInt32, context: Int) {
    precondition((0...15871).contains(context))
    self.bus = bus
    self.sourceCount = min(sourceCount, 1023)
    self.context = context
    var source: UInt32 = 0
    while source <= self.sourceCount {
      bus.store32(0, at: Register.enable(context, source))
      source += 32
    }
    bus.store32(0, at: Register.threshold(context))
  }

  /// How many bytes of registers there must be for a context.
  static func size(_ context: Int) -> UInt64 {
    UInt64(Register.claim(context)) + 4
  }

  /// Whether there is a source of this number.
  public func hasSource(_ source: UInt32) -> Bool {
    source >= 1 && source <= sourceCount
  }

  /// Sets how urgent a source is, for every context: 0 is never, and more is
  /// more urgent. A controller may know fewer levels than are asked for.
  public func setPriority(_ priority: UInt32, of source: UInt32) {
    precondition(hasSource(source))
    bus.store32(priority, at: Register.priority(source))
  }

  /// Has this context hear of a source.
  public func enable(_ source: UInt32) { change(source, to: true) }

  /// Has this context no longer hear of a source.
  public func disable(_ source: UInt32) { change(source, to: false) }

  private func change(_ source: UInt32, to isEnabled: Bool) {
    precondition(hasSource(source))
    let register = Register.enable(context, source)
    let bit: UInt32 = 1 << (source % 32)
    let others = bus.load32(at: register) & ~bit
    bus.store32(others | (isEnabled ? bit : 0), at: register)
  }

  /// Takes the most urgent source that waits, or 0 if none does: another hart
  /// may have been faster.
  @inline(__always)
  public func claim() -> UInt32 { bus.load32(at: Register.claim(context)) }

  /// Says that a claimed source has been served, so that it may interrupt
  /// again.
  @inline(__always)
  public func complete(_ source: UInt32) {
    bus.store32(source, at: Register.claim(context))
  }
}
