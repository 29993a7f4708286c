// Misses the point: waits for ever for a port that is dead.
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
    while bus.load8(at: 5) & 1 << 5 == 0 {}
    bus.store8(byte, at: 0)
  }

  public mutating func write(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") { attempt(UInt8(ascii: "\r")) }
    attempt(byte)
  }

  public mutating func read() -> UInt8? {
    bus.load8(at: 5) & 1 << 0 == 0 ? nil : bus.load8(at: 0)
  }

  private mutating func attempt(_ byte: UInt8) {
    do throws(PortError) {
      try send(byte)
    } catch {
      lostBytes += 1
    }
  }
}
