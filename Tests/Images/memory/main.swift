// SPDX-License-Identifier: BSD-3-Clause
//
// The four functions that compilers call, each against a byte-wise model at
// every alignment.

import Boot
import Console

typealias Area = InlineArray<64, UInt8>

@inline(never)
func pattern(_ seed: Int) -> Area {
  Area { UInt8(truncatingIfNeeded: $0 &* 7 &+ seed) }
}

func check(_ area: Area, _ what: StaticString, expected: (Int) -> UInt8) {
  for index in area.indices where area[index] != expected(index) {
    panic("\(what): byte \(index) is wrong")
  }
}

/// `memmove` within one area, in both directions.
func checkMove(from: Int, to: Int, count: Int) {
  let before = pattern(1)
  var area = before
  unsafe withUnsafeMutableBytes(of: &area) { bytes in
    guard let base = bytes.baseAddress else { return }
    unsafe (base + to).copyMemory(from: base + from, byteCount: count)
  }
  check(area, "memmove") { index in
    let isMoved = index >= to && index < to + count
    return before[isMoved ? index - to + from : index]
  }
}

/// `memset` of a part.
func checkFill(from: Int, count: Int) {
  let before = pattern(2)
  var area = before
  unsafe withUnsafeMutableBytes(of: &area) { bytes in
    guard let base = bytes.baseAddress else { return }
    unsafe (base + from).initializeMemory(
      as: UInt8.self, repeating: 0xA5, count: count)
  }
  check(area, "memset") { index in
    index >= from && index < from + count ? 0xA5 : before[index]
  }
}

for from in 0..<20 {
  for count in 0..<40 {
    checkFill(from: from, count: count)
    for to in 0..<20 { checkMove(from: from, to: to, count: count) }
  }
}
print("16800 areas as expected")
