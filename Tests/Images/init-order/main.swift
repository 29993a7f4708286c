// SPDX-License-Identifier: BSD-3-Clause
//
// Entries of the init table start by class and priority, and stop in reverse.

import Boot
import Console

enum Entries {
  @section(".init_table.5.10") @used
  static let last: InitEntry = (
    start: { print("start 5.10") }, stop: { print("stop 5.10") }
  )
  @section(".init_table.3.20") @used
  static let second: InitEntry = (
    start: { print("start 3.20") }, stop: { print("stop 3.20") }
  )
  @section(".init_table.3.10") @used
  static let first: InitEntry = (
    start: { print("start 3.10") }, stop: { print("stop 3.10") }
  )
}

print("program")
exit(5)
