// SPDX-License-Identifier: BSD-3-Clause

/// A 16550 serial port.
public struct SerialPort: Sendable {
  /// Where the registers are.
  public let region: Region

  /// The first cell of its interrupt: the source's number at the PLIC.
  public let interrupt: UInt32?

  /// The frequency that the baud rate is divided from, in hertz, or nil.
  public let clockFrequency: UInt32?

  /// Registers lie 2 to the power of this many bytes apart.
  public let registerShift: UInt32

  /// The serial port at `node`, or nil if no hart can reach it.
  init?(_ node: Node) throws(DeviceTreeError) {
    guard let region = try node.region() else { return nil }
    self.region = region
    interrupt = try node.interruptNumber()
    clockFrequency =
      try node.property(named: "clock-frequency")?.number32()
    registerShift = try node.property(named: "reg-shift")?.number32() ?? 0
  }
}

extension DeviceTree {
  /// The serial port for the console: the one that the firmware chose if it
  /// is a 16550, or else the first one. The cost is that of
  /// ``standardOutput()`` and at most one pass more.
  public func serialPort() throws(DeviceTreeError) -> SerialPort? {
    var found = try standardOutput()?.node
    if try found?.isCompatible(with: "ns16550a") != true {
      found = try node(compatibleWith: "ns16550a")
    }
    guard let found else { return nil }
    return try SerialPort(found)
  }
}
