// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: panics three calls deep.

import Boot
import Console

@inline(never)
func innermost(_ number: Int) {
  guard number != 3 else { panic("number \(number) is not welcome") }
  print("number \(number)")
}

@inline(never)
func middle(_ number: Int) {
  innermost(number + 1)
  print("back in the middle")
}

print("about to panic")
middle(2)
print("still here")
