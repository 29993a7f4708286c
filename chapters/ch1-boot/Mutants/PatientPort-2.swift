// Wrong: when its patience is over, it sends the byte to the busy port.
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
    var looks = 0
    while bus.load8(at: 5) & 0x20 == 0, looks < patience { looks += 1 }
    bus.store8(byte, at: 0)
    if looks == patience { throw .dead }
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
    guard bus.load8(at: 5) & 1 != 0 else { return nil }
    return bus.load8(at: 0)
  }
}
