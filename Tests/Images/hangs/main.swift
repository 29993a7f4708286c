// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: prints a line, then spins for ever in one place.

import Boot
import Console
import Hart

@inline(never)
func waitsForWhatNeverComes() {
  while Hart.pendingInterrupts == .none {}
}

print("before the loop")
waitsForWhatNeverComes()
