// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 1.2: a port that may be dead. See `make hint EX=1.2`.

import Console
import Hart
//@ solution
//@ stub
//| import Todo
//@ end

/// Why a serial port has not sent a byte.
public enum PortError: Error, Equatable {
  /// The port was busy at every look: nothing seems to be there.
  case dead
}

/// A serial port that does not wait for ever.
///
/// The registers are those of the 16550 that `UART16550` drives; each takes
/// one byte. The data register is at offset 0. The line status register is at
/// offset 5: its bit 0 says that a byte has arrived, its bit 5 that the port
/// can take a byte. The firmware has set up the rest.
public struct PatientPort<Bus: RegisterBus>: ByteDevice {
  private let bus: Bus
  private let patience: Int

  /// How many bytes `write` could not send.
  public private(set) var lostBytes = 0

  /// The port on `bus`, as the firmware has left it. No register is touched.
  ///
  /// - Parameters:
  ///   - bus: The way to the port's registers.
  ///   - patience: How often to look at the line status, at most, before a
  ///     byte is given up. At least 1.
  public init(bus: Bus, patience: Int) {
    self.bus = bus
    self.patience = patience
  }

  /// Sends `byte` as soon as the port can take it.
  ///
  /// - Throws: `dead` if the port was not ready at any of `patience` looks.
  ///   Then nothing is sent, and there is no further look.
  public mutating func send(_ byte: UInt8) throws(PortError) {
    //@ solution
    for _ in 0..<patience where bus.load8(at: 5) & 1 << 5 != 0 {
      return bus.store8(byte, at: 0)
    }
    throw .dead
    //@ stub
    //| // TODO: look at the line status, and send. Remove `todo`.
    //| todo("1.2")
    //@ end
  }

  /// Sends `byte`. A line feed goes out as carriage return, line feed: what
  /// terminals want. A byte that cannot be sent is counted in `lostBytes`.
  public mutating func write(_ byte: UInt8) {
    //@ solution
    if byte == UInt8(ascii: "\n") { attempt(UInt8(ascii: "\r")) }
    attempt(byte)
    //@ stub
    //| // TODO: call `send`, and deal with its error. Remove `todo`.
    //| todo("1.2")
    //@ end
  }

  /// The byte that has arrived, or nil at once if none has. The data register
  /// is read only if one has.
  public mutating func read() -> UInt8? {
    //@ solution
    bus.load8(at: 5) & 1 << 0 == 0 ? nil : bus.load8(at: 0)
    //@ stub
    //| // TODO: look at the line status first. Remove `todo`.
    //| todo("1.2")
    //@ end
  }
  //@ solution

  private mutating func attempt(_ byte: UInt8) {
    do throws(PortError) {
      try send(byte)
    } catch {
      lostBytes += 1
    }
  }
  //@ stub
  //@ end
}
