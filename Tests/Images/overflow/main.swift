// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: calls itself until its stack is used up, and traps there.
// The trap finds the stack pointer outside and takes the emergency stack.

import Boot
import CHart
import Console
import Hart

@inline(never)
func descend(_ depth: Int) -> Int {
  if hart_frame_pointer() < Hart.stack.lowerBound { Hart.breakpoint() }
  guard depth < .max else { return 0 }
  return descend(depth + 1) + depth
}

print("about to overflow")
print("depth \(descend(0))")
