// SPDX-License-Identifier: BSD-3-Clause
//
// A program with a heap of its own: these lines replace the default one, of
// which nothing remains in the image.

import Allocation
import CHart
import Console

enum MyHeap {
  // Nothing else uses it, and it disables interrupts.
  nonisolated(unsafe) static var heap = Heap<BuddyAllocator, _>(
    source: FrameMemory())
}

@c(heap_allocate)
func heapAllocate(size: UInt64, alignment: UInt64) -> UInt64 {
  unsafe MyHeap.heap.allocate(size: size, alignment: alignment) ?? 0
}

@c(heap_release)
func heapRelease(address: UInt64) { unsafe MyHeap.heap.release(address) }

@c(heap_size)
func heapSize(address: UInt64) -> UInt64 {
  unsafe MyHeap.heap.size(of: address)
}

@c(heap_resize)
func heapResize(address: UInt64, size: UInt64) -> UInt64 {
  unsafe MyHeap.heap.resize(address, to: size) ? 1 : 0
}

@c(heap_statistics)
func heapStatistics() -> heap_statistics {
  heap_statistics(unsafe MyHeap.heap.statistics)
}

@inline(never)
func program() {
  var numbers: [Int] = []
  for number in 0..<1000 { numbers.append(number) }
  print("the sum is \(numbers.reduce(0, +))")
}

program()
print("\(unsafe MyHeap.heap.statistics.liveBlocks) blocks are in use")
