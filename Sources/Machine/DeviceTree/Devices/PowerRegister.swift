// SPDX-License-Identifier: BSD-3-Clause

import Hart

extension DeviceTree {
  /// The register that ends QEMU with an exit status or resets the machine,
  /// or nil if there is none: the test device of SiFive's boards.
  ///
  /// Every image needs it, even the smallest, and a panic needs it most. So
  /// this is one pass over the tokens, without the nodes and what belongs to
  /// them. The price: the bus of the device must pass addresses on unchanged,
  /// as the one bus of such boards does.
  ///
  /// - Throws: The first error before the device in the structure block.
  public func powerRegister() throws(DeviceTreeError) -> UInt64? {
    var reader = TokenReader(self, at: structure.lowerBound)
    while true {
      var isPowerDevice = false
      var address: UInt64?
      // All properties of a node stand before its first child.
      while let token = try reader.nextProperty() {
        let property = try property(token)
        if property.isNamed("compatible") {
          isPowerDevice = try property.namesPowerDevice()
        } else if property.isNamed("reg") {
          address = property.firstAddress
        }
      }
      if isPowerDevice, let address { return address }
      if case .end = try reader.next() { return nil }
    }
  }
}

extension Property {
  /// Whether this `compatible` is that of the device that ends QEMU.
  func namesPowerDevice() throws(DeviceTreeError) -> Bool {
    var names = strings()
    while let name = try names.next() {
      guard name.count == 12, name[0..<11] == "sifive,test" else { continue }
      if name[11] == UInt8(ascii: "0") || name[11] == UInt8(ascii: "1") {
        return true
      }
    }
    return false
  }

  /// The address in a `reg` with one region, whose address and size take two
  /// cells each, or one.
  var firstAddress: UInt64? {
    switch value.count {
    case 16: value.bigEndian64(at: 0)
    case 8: value.bigEndian32(at: 0).map(UInt64.init)
    default: nil
    }
  }
}
