// SPDX-License-Identifier: BSD-3-Clause
//
// Chance from a virtio device: in the canary, and in Swift's random numbers.
// What it prints differs from boot to boot. With a virtio console, a line goes
// there too.

import Boot
import CHart
import Console
import Hart
import Random
import Virtio

enum Startup {
  // A global of this file would be set to false when the program starts.
  nonisolated(unsafe) static var hasSeed = false

  @section(".init_table.3.20") @used
  static let entry: InitEntry = (
    start: { unsafe Startup.hasSeed = RandomSeed.take() }, stop: { return }
  )
}

print("a device gave chance: \(unsafe Startup.hasSeed ? "yes" : "no")")
print("canary \(hex: hart_canary())")
for _ in 0..<2 { print("random \(UInt64.random(in: 0..<1 << 60))") }

if let device = VirtioDevices.all(ofKind: 3).first,
  let console = try? VirtioConsole(device.transport)
{
  let greeting = ByteView("say something\n")
  for index in greeting.indices { console.write(greeting[index]) }
  while true {
    guard let byte = console.read() else { continue }
    console.write(byte)
    if byte == 10 { break }
  }
  print("the virtio console echoed a line")
}
