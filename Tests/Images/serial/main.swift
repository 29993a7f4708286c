// SPDX-License-Identifier: BSD-3-Clause
//
// Speaks through the board's own serial port, without the firmware.

import Boot
import Console
import DeviceTree
import Hart

enum Port {
  nonisolated(unsafe) static var port: UART16550<MemoryMappedBus>?

  static func find() {
    guard let found = try? Board.deviceTree?.serialPort() else {
      panic("no serial port")
    }
    let bus = unsafe MemoryMappedBus(at: found.region.start)
    unsafe port = UART16550(
      bus: bus, stride: 1 << Int(found.registerShift),
      width: Int(found.registerWidth))
  }

  static let driver = SystemConsole.Driver(
    write: { byte in unsafe Port.port?.write(byte) },
    read: { unsafe Port.port?.read().map(Int32.init) ?? -1 })
}

print("through the firmware")
Port.find()
SystemConsole.use(Port.driver)
print("through the serial port")
