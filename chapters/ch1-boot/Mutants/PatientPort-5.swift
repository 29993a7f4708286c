// Wrong: a line feed that is lost with its carriage return counts as one
// byte.
// SPDX-License-Identifier: BSD-3-Clause

import Console
import Hart

public enum PortError: Error, Equatable {
  case dead
}

public struct PatientPort<Bus: RegisterBus>: ByteDevice {
  private let bus: Bus
  private let patience: Int

  public private(set) var lostBytes = 0

  public init(bus: Bus, patience: Int) {
    self.bus = bus
    self.patience = patience
  }

  public mutating func send(_ byte: UInt8) throws(PortError) {
    for _ in 0..<patience where bus.load8(at: 5) & 1 << 5 != 0 {
      return bus.store8(byte, at: 0)
    }
    throw .dead
  }

  public mutating func write(_ byte: UInt8) {
    do throws(PortError) {
      if byte == UInt8(ascii: "\n") { try send(UInt8(ascii: "\r")) }
      try send(byte)
    } catch {
      lostBytes += 1
    }
  }

  public mutating func read() -> UInt8? {
    bus.load8(at: 5) & 1 << 0 == 0 ? nil : bus.load8(at: 0)
  }
}
