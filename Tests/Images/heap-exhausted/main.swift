// SPDX-License-Identifier: BSD-3-Clause
//
// Asks for more memory than there is: C gets a null pointer, Swift a panic.

import Allocation
import CHart
import Console

final class Large {
  var numbers = InlineArray<1000, Int>(repeating: 0)
  var next: Large?
}

// Without it, the compiler would see that nobody uses the block, and leave out
// the call.
nonisolated(unsafe) var block: UnsafeMutableRawPointer?

@inline(never)
func asksInC() {
  unsafe block = malloc(1 << 30)
  print("malloc: \(UInt64(UInt(bitPattern: unsafe block)))")
  print("posix_memalign: \(Int(unsafe posix_memalign(&block, 16, 1 << 30)))")
}

@inline(never)
func fillsTheHeap() -> Large {
  let first = Large()
  while true {
    let large = Large()
    large.next = first.next
    first.next = large
  }
}

asksInC()
print("\(fillsTheHeap().numbers[0])")
