// SPDX-License-Identifier: BSD-3-Clause

import Hart

private enum Register {
  static let data = 0  // RBR when read, THR when written
  static let interruptEnable = 1  // IER
  static let fifoControl = 2  // FCR
  static let lineControl = 3  // LCR
  static let lineStatus = 5  // LSR
}

private enum LineStatus {
  static let dataReady: UInt8 = 1 << 0  // DR
  static let readyToSend: UInt8 = 1 << 5  // THRE
}

/// The serial port that most RISC-V boards have: the 16550 and its heirs.
///
/// It polls, so that it also works when interrupts are off or the kernel is
/// broken. The names in the comments are those of the PC16550D data sheet.
public struct UART16550<Bus: RegisterBus>: ByteDevice {
  private let bus: Bus
  private let stride: Int
  private let hasWords: Bool

  /// A port behind `bus`.
  ///
  /// Sets eight bits, no parity, one stop bit, FIFOs on and emptied, device
  /// interrupts off. The speed stays what the firmware has set.
  ///
  /// - Parameters:
  ///   - bus: The way to the registers.
  ///   - stride: How many bytes they lie apart; the device tree's `reg-shift`
  ///     tells: 1 shifted left by it.
  ///   - width: How many bytes an access has, 1 or 4: `reg-io-width`. Some
  ///     buses drop bytes or fail if they are not asked for whole words.
  public init(bus: Bus, stride: Int = 1, width: Int = 1) {
    self.bus = bus
    self.stride = stride
    hasWords = width == 4
    store(0, to: Register.interruptEnable)
    store(0b11, to: Register.lineControl)
    store(0b111, to: Register.fifoControl)
  }

  /// Waits until the port can take a byte, then sends it.
  public mutating func write(_ byte: UInt8) {
    while load(Register.lineStatus) & LineStatus.readyToSend == 0 {}
    store(byte, to: Register.data)
  }

  public mutating func read() -> UInt8? {
    guard load(Register.lineStatus) & LineStatus.dataReady != 0 else {
      return nil
    }
    return load(Register.data)
  }

  private func load(_ register: Int) -> UInt8 {
    guard hasWords else { return bus.load8(at: register * stride) }
    return UInt8(truncatingIfNeeded: bus.load32(at: register * stride))
  }

  private func store(_ value: UInt8, to register: Int) {
    guard hasWords else {
      return bus.store8(value, at: register * stride)
    }
    bus.store32(UInt32(value), at: register * stride)
  }
}
