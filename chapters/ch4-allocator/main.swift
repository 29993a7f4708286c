// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 4: memory by the byte. With a heap, all of Swift becomes usable:
// objects, arrays, strings, closures. Then four allocators meet one workload.

import Allocation
import CHart
import Console
import Paging

// The student's answers, where the image is built with them:
// `make run-ch4 EXERCISES=mine`.
#if EXERCISE_4_3
  import Exercise_4_3

  /// The heap of this program, then: the answer, instead of the kernel's own.
  enum Own {
    // Nothing else uses it, and it disables interrupts.
    nonisolated(unsafe) static var heap = Heap<FirstFit, _>(
      source: FrameMemory())
  }

  @c(heap_allocate)
  func allocate(size: UInt64, alignment: UInt64) -> UInt64 {
    unsafe Own.heap.allocate(size: size, alignment: alignment) ?? 0
  }
  @c(heap_release)
  func release(address: UInt64) { unsafe Own.heap.release(address) }
  @c(heap_size)
  func size(address: UInt64) -> UInt64 { unsafe Own.heap.size(of: address) }
  @c(heap_resize)
  func resize(address: UInt64, size: UInt64) -> UInt64 {
    unsafe Own.heap.resize(address, to: size) ? 1 : 0
  }
  @c(heap_statistics)
  func statistics() -> heap_statistics { .init(unsafe Own.heap.statistics) }
#endif

// MARK: - All of Swift

/// A customer in a queue: an object, with a string of its own.
final class Guest {
  let name: String
  let next: Guest?

  init(_ name: String, next: Guest?) {
    self.name = name
    self.next = next
  }
}

func printHeap(_ when: StaticString) {
  let heap = heap_statistics()
  print(
    """
    \(when)\(heap.live_blocks, width: 5) blocks, \
    \(heap.bytes_in_use, width: 7) bytes in use, \
    \(heap.bytes_managed >> 10, width: 4) KiB managed
    """)
}

/// Makes a line of guests, and lets it go.
func welcome() {
  var line: Guest?
  for number in 1...3 {
    line = Guest("guest number \(number) of the evening", next: line)
  }
  printHeap("objects  ")
  var guest = line
  while let one = guest {
    print("         \(one.name)")
    guest = one.next
  }
}

/// An array that grows, and a closure that keeps what it has seen.
func count() {
  var seen: [Int] = []
  let see = { (number: Int) in seen.append(number * number) }
  for number in 0..<5000 { see(number) }
  printHeap("array    ")
  let sum = seen.reduce(0, +)
  print("         the sum of \(seen.count) squares is \(sum)")
}

// MARK: - Four allocators

/// Numbers that look random: xorshift.
struct Dice {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func roll(_ sides: UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return (state >> 16) % sides
  }
}

/// Allocates and releases at random, blocks of 16 to 515 bytes in 128 places.
func work<Subject: Allocator & ~Copyable>(
  _ name: StaticString, _ allocator: consuming Subject
) {
  guard let memory = FrameMemory().memory(atLeast: 64 << 10) else { return }
  allocator.add(memory)
  var dice = Dice()
  var places = InlineArray<128, UInt64>(repeating: 0)
  for _ in 0..<20_000 {
    let place = Int(dice.roll(128))
    if places[place] != 0 {
      allocator.release(places[place])
      places[place] = 0
    } else {
      let size = 16 + dice.roll(500)
      places[place] = allocator.allocate(size: size) ?? 0
    }
  }
  let result = allocator.statistics
  print(
    """
    \(name)\(result.allocations, width: 7)\(result.failures, width: 8)\
    \(result.peakBytesInUse, width: 9)\(result.largestFreeBlock, width: 10)\
    \(result.fragmentation, width: 8)
    """)
}

// MARK: - The program

print("Swiftkraft, chapter 4: Allocator")
print()
let before = KernelMemory.freeFrames
printHeap("at first ")
welcome()
count()
printHeap("at last  ")
print("         \(before - KernelMemory.freeFrames) frames were taken")

print()
print("         served  failed     peak   largest  fragmented")
work("region  ", RegionAllocator())
work("buddy   ", BuddyAllocator())
work("pool 528", PoolAllocator<528>())
work("TLSF    ", TLSFAllocator())
#if EXERCISE_4_3
  work("yours   ", FirstFit())
#endif

print()
let tooMuch = heap_allocate(1 << 40, 16)
print("a tebibyte: \(tooMuch == 0 ? "there is none" : "granted")")
