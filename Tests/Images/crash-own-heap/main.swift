// SPDX-License-Identifier: BSD-3-Clause
//
// Like crash-threads, in a program with a heap of its own.

import Allocation
import Boot
import CHart
import Console
import Crashing
import Hart
import Scheduling

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

/// Takes memory until there is none, and does not give it back.
final class Link {
  let next: Link?
  let words = InlineArray<500, UInt64>(repeating: 1)

  init(_ next: Link?) { self.next = next }
}

func fail() {
  guard let name = Board.arguments.value(of: "fault") else { return }
  var last: Link?
  while name == "exhausted" { last = Link(last) }
  crash(name)
}

/// Another thread is ready, so the hart changes its stack in between.
func perform<Stacks: StackSource & ~Copyable>(_: Stacks.Type) {
  Scheduler<RoundRobin, Stacks>.run {
    do throws(ThreadError) {
      let other = try Thread.spawn("other") { Thread.yield() }
      let victim = try Thread.spawn("victim") { fail() }
      try victim.join()
      try other.join()
    } catch {
      print("no memory")
    }
  }
}

if Board.arguments.value(of: "mode") != nil { StackOverflow.endThreadOnly() }
let stack = Board.arguments.value(of: "stack") ?? ByteView("boot")
if stack == "boot" { fail() }
if stack == "guarded" { perform(GuardedStacks.self) }
if stack == "heap" { perform(HeapStacks.self) }
print("the fault did not happen")
