// Wrong: the carriage return goes out after the line feed, not before it.
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
    for _ in 0..<patience where bus.load8(at: 5) & 0x20 != 0 {
      bus.store8(byte, at: 0)
      return
    }
    throw .dead
  }

  public mutating func write(_ byte: UInt8) {
    attempt(byte)
    if byte == UInt8(ascii: "\n") { attempt(UInt8(ascii: "\r")) }
  }

  public mutating func read() -> UInt8? {
    guard bus.load8(at: 5) & 1 != 0 else { return nil }
    return bus.load8(at: 0)
  }

  private mutating func attempt(_ byte: UInt8) {
    do throws(PortError) {
      try send(byte)
    } catch {
      lostBytes += 1
    }
  }
}
