// SPDX-License-Identifier: BSD-3-Clause

import Hart

/// A 16550 serial port, or one of its heirs.
public struct SerialPort: Sendable {
  /// Where the registers are: what `reg` tells, from `reg-offset` on.
  public let region: Region

  /// Its interrupt, or nil if it has none.
  public let interrupt: InterruptSource?

  /// The frequency that the baud rate is divided from, in hertz, or nil.
  public let clockFrequency: UInt32?

  /// Registers lie 2 to the power of this many bytes apart.
  public let registerShift: UInt32

  /// How many bytes an access must have: 1 or 4. It is the lowest one that
  /// holds the register.
  public let registerWidth: UInt32

  /// The serial port at `node`, or nil if no hart can reach it, or only by
  /// accesses that are neither bytes nor aligned words.
  init?(_ node: Node) throws(DeviceTreeError) {
    func number(
      _ name: StaticString, or missing: UInt32
    ) throws(DeviceTreeError) -> UInt32 {
      try node.property(named: name)?.number32() ?? missing
    }
    guard let all = try node.region() else { return nil }
    let offset = UInt64(try number("reg-offset", or: 0))
    registerShift = try number("reg-shift", or: 0)
    registerWidth = try number("reg-io-width", or: 1)
    guard offset <= all.size, registerShift <= 8,
      let region = Region(start: all.start + offset, size: all.size - offset)
    else { return nil }
    self.region = region
    switch registerWidth {
    case 1: break
    case 4 where registerShift >= 2 && region.start % 4 == 0: break
    default: return nil
    }
    interrupt = try node.interruptSource()
    clockFrequency =
      try node.property(named: "clock-frequency")?.number32()
  }
}

extension DeviceTree {
  /// The serial port for the console: the one that the firmware chose if it
  /// is a 16550, or else the first one. The cost is that of
  /// ``standardOutput()`` and at most one pass more.
  @inline(never)
  public func serialPort() throws(DeviceTreeError) -> SerialPort? {
    if let chosen = try standardOutput()?.node, try chosen.isSerialPort() {
      return try SerialPort(chosen)
    }
    var nodes = nodes()
    while try nodes.advance() {
      guard try nodes.node.isSerialPort(), try nodes.node.status() == .okay
      else { continue }
      return try SerialPort(nodes.node)
    }
    return nil
  }
}

extension Node {
  /// Whether a driver for the 16550 fits. The ports of DesignWare differ in
  /// what they do with a speed that is set while they are busy; this kernel
  /// sets none.
  @inline(never)
  fileprivate func isSerialPort() throws(DeviceTreeError) -> Bool {
    guard let names = self[.compatible] else { return false }
    if try names.contains("ns16550a") { return true }
    if try names.contains("ns16550") { return true }
    return try names.contains("snps,dw-apb-uart")
  }
}
