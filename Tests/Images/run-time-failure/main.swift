// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: an index outside its array, a failure of Swift's own.

import Boot
import Console

@inline(never)
func pick(_ index: Int) -> Int {
  let numbers: InlineArray<4, Int> = [2, 3, 5, 7]
  return numbers[index]
}

print("item 1 is \(pick(1))")
print("item 4 is \(pick(4))")
