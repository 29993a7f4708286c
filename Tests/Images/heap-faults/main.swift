// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose: misuses the heap as its argument says, `fault=name`. In an
// image for debugging every one of them is found, in others some.

import Allocation
import Boot
import Console
import Hart

final class Thing {
  var number = 1
}

@inline(never)
func allocates(_ size: Int) -> UnsafeMutableRawPointer {
  UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
}

@inline(never)
func releases(_ block: UnsafeMutableRawPointer) {
  unsafe block.deallocate()
}

@inline(never)
func writes(_ block: UnsafeMutableRawPointer, at offset: Int) {
  unsafe block.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
}

@inline(never)
func leaks() -> Thing { Thing() }

/// Releases a large block twice; `size` says which way it goes.
func releasesTwice(_ size: Int) {
  let block = unsafe allocates(size)
  unsafe releases(block)
  unsafe releases(block)
}

func misuse() {
  let block = unsafe allocates(24)
  guard let fault = Board.arguments.value(of: "fault") else { return }
  if fault == "large" { releasesTwice(4100) }
  if fault == "merged" { releasesTwice(20_000) }
  if fault == "overrun" { unsafe writes(block, at: 24) }
  if fault == "underrun" { unsafe writes(block, at: -1) }
  unsafe releases(block)
  if fault == "twice" { unsafe releases(block) }
  if fault == "foreign" { unsafe releases(block + 16) }
  if fault == "late" || fault == "at-end" { unsafe writes(block, at: 3) }
  if fault == "late" { unsafe releases(allocates(24)) }
  if fault == "at-end" { return }
  // Only a heap for debugging can tell.
  #if DEBUG
    if fault == "leak" {
      let thing = leaks()
      DefaultHeap.reportLeaks()
      print("\(thing.number) is still here")
    }
    DefaultHeap.check()
  #endif
}

misuse()
print("nothing was found")
