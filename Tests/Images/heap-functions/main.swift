// SPDX-License-Identifier: BSD-3-Clause
//
// C's functions for memory, and what Swift builds on them.

import Allocation
import Boot
import CHart
import Console
import Hart

typealias Address = UnsafeMutableRawPointer

func expect(_ isTrue: Bool, _ what: StaticString) {
  guard !isTrue else { return }
  panic("\(what)")
}

// The compiler knows what C's functions should do, and leaves out a call whose
// block nobody uses. So every block is put here, and taken from here.
nonisolated(unsafe) var place: Address?

@inline(never)
func placed(_ address: Address?) -> Address? {
  unsafe place = address
  return unsafe place
}

func number(_ address: Address?) -> UInt { UInt(bitPattern: address) }

func fill(_ block: Address?, _ count: Int) {
  for index in 0..<count {
    unsafe block?.storeBytes(
      of: UInt8(truncatingIfNeeded: index &* 7), toByteOffset: index,
      as: UInt8.self)
  }
}

func isFilled(_ block: Address?, _ count: Int) -> Bool {
  guard let block = unsafe block else { return false }
  for index in 0..<count {
    guard
      unsafe block.load(fromByteOffset: index, as: UInt8.self)
        == UInt8(truncatingIfNeeded: index &* 7)
    else { return false }
  }
  return true
}

func checkZeroes() {
  let dirty = unsafe placed(malloc(300))
  unsafe fill(dirty, 300)
  unsafe free(dirty)
  let block = unsafe placed(calloc(30, 10))
  for index in 0..<300 {
    expect(
      unsafe block?.load(fromByteOffset: index, as: UInt8.self) == 0,
      "calloc clears")
  }
  unsafe free(block)
  expect(unsafe placed(calloc(1 << 33, 1 << 33)) == nil, "calloc counts")
}

func checkResizing() {
  var block = unsafe placed(realloc(nil, 10))
  unsafe fill(block, 10)
  let other = unsafe placed(malloc(10))
  unsafe block = placed(realloc(block, 5000))
  expect(unsafe isFilled(block, 10), "realloc copies")
  unsafe fill(block, 5000)
  unsafe block = placed(realloc(block, 20))
  expect(unsafe isFilled(block, 20), "realloc shortens")
  let before = unsafe number(block)
  expect(unsafe placed(realloc(block, .max)) == nil, "realloc refuses")
  expect(unsafe isFilled(block, 20), "a refusal changes nothing")
  unsafe block = placed(realloc(block, 1))
  expect(unsafe number(block) == before, "realloc stays where it can")
  unsafe free(block)
  unsafe free(other)
}

func checkAlignments() {
  for shift in 4..<16 {
    let alignment = 1 << shift
    let block = unsafe placed(aligned_alloc(alignment, 100))
    expect(
      unsafe number(block) % UInt(alignment) == 0 && block != nil,
      "aligned_alloc aligns")
    expect(unsafe malloc_usable_size(block) >= 100, "the size is enough")
    unsafe free(block)
  }
  expect(unsafe placed(aligned_alloc(3, 8)) == nil, "3 is no alignment")
  var block: Address?
  expect(unsafe posix_memalign(&block, 24, 8) == 22, "24 is no alignment")
  expect(unsafe posix_memalign(&block, 4, 8) == 22, "4 is too small")
  expect(unsafe posix_memalign(&block, 64, .max) == 12, "not so much")
  expect(unsafe block == nil, "errors leave the result alone")
  expect(unsafe posix_memalign(&block, 64, 8) == 0, "64 is an alignment")
  unsafe free(block)
  free(nil)
  expect(malloc_usable_size(nil) == 0, "null has no bytes")
}

final class Node {
  let value: Int
  let next: Node?
  init(_ value: Int, _ next: Node?) {
    self.value = value
    self.next = next
  }
}

func checkSwift() {
  var list: Node?
  for value in 0..<1000 { list = Node(value, list) }
  var sum = 0
  var node = list
  while let next = node {
    sum += next.value
    node = next.next
  }
  expect(sum == 499_500, "objects")
  let text = "text number \(sum), long enough to need memory of its own"
  expect(text.utf8.count == 57, "strings")
  let add = { sum += $0 }
  for number in [1, 2, 3] { add(number) }
  expect(sum == 499_506, "arrays and closures")
}

let before = heap_statistics().live_blocks
checkZeroes()
checkResizing()
checkAlignments()
checkSwift()
let leaked = heap_statistics().live_blocks &- before
print("as expected, \(Int(truncatingIfNeeded: leaked)) blocks left")
