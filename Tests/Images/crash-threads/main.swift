// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose, in the way that the argument `fault=` names: in a thread
// on the stack that `stack=` names, or before there are threads.

import Boot
import CHart
import Console
import Crashing
import Hart
import Scheduling

/// Takes memory until there is none, and does not give it back.
final class Link {
  let next: Link?
  let words = InlineArray<500, UInt64>(repeating: 1)

  init(_ next: Link?) { self.next = next }
}

/// Overwrites what lies in the heap around one object, control blocks of threads
/// among it, with words that are addresses of memory, huge numbers and set flags.
@inline(never)
func scribble() {
  let object = Link(nil)
  let place = unsafe UInt64(
    UInt(bitPattern: Unmanaged.passUnretained(object).toOpaque()))
  var address = (place &- 65536) & ~7
  while address < place &+ 65536 {
    if !Image.running.all.contains(address) {
      unsafe hart_store64(address, place | 1)
    }
    address += 8
  }
}

func fail() {
  guard let name = Board.arguments.value(of: "fault") else { return }
  if name == "scribbled" { scribble() }
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
