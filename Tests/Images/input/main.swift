// SPDX-License-Identifier: BSD-3-Clause
//
// Echoes what is typed, up to a full stop.

import Boot
import Console

func echo() {
  var console = SystemConsole()
  var byte: UInt8 = 0
  while byte != UInt8(ascii: ".") {
    guard let typed = console.read() else { continue }
    byte = typed
    console.write(byte)
  }
  print()
}

print("type, and end with a full stop")
echo()
