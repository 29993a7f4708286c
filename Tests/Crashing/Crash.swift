// SPDX-License-Identifier: BSD-3-Clause

import Boot
import CHart
import Console
import Hart

/// Ends the machine in the way that `name` says, or returns if there is no such
/// way. Each must end with words and a failing status, whatever the program has
/// chosen beside it: stacks, a heap, page tables or none.
public func crash(_ name: ByteView) {
  if name == "null" { print("\(UInt64(load(from: 8)))") }
  if name == "nothing" { print("\(UInt64(load(from: 0x0800_0000)))") }
  if name == "jump" { jump(to: 0x0800_0000) }
  if name == "illegal" { Hart.illegalInstruction() }
  if name == "runtime" { print("\(pick(name.count))") }
  if name == "panic" { panic("asked for") }
  if name == "panic-in-panic" { panic("first, \(panicAgain())") }
  if name == "recursion" { print("\(descend(0, to: .max))") }
  if name == "deep" { print("\(descend(0, to: 2048))") }
  if name == "frame-24k" { print("\(large24(name))") }
  if name == "frame-128k" { print("\(large128(name))") }
  if name == "wiped" { wipeVariables() }
  if name == "smash" { print("\(smash(8))") }
}

@inline(never)
func load(from address: UInt64) -> UInt32 {
  unsafe MemoryMappedBus(at: address).load32(at: 0)
}

@inline(never)
func jump(to address: UInt64) {
  let function = unsafe unsafeBitCast(
    UInt(address), to: (@convention(c) () -> Void).self)
  function()
}

@inline(never)
func pick(_ index: Int) -> Int {
  let values: [3 of Int] = [1, 2, 3]
  return values[index]
}

@inline(never)
func panicAgain() -> Int { panic("second") }

/// Calls itself `limit` times. What it does with the results cannot be done in
/// another order, or the compiler would make a loop of it.
@inline(never)
func descend(_ depth: Int, to limit: Int) -> Int {
  guard depth < limit else { return 0 }
  let below = descend(depth + 1, to: limit)
  return (below ^ depth) &* 3 &+ below >> 1
}

/// Needs more than a small stack for its own variables, and calls nothing
/// before it has written all of them.
@inline(never)
func large24(_ name: ByteView) -> UInt64 {
  var local = InlineArray<24576, UInt8>(repeating: name[0])
  local[name.count] = 7
  return UInt64(sum(local.span))
}

@inline(never)
func large128(_ name: ByteView) -> UInt64 {
  var local = InlineArray<131072, UInt8>(repeating: name[0])
  local[name.count] = 7
  return UInt64(sum(local.span))
}

@inline(never)
func sum(_ bytes: Span<UInt8>) -> UInt8 {
  var sum: UInt8 = 0
  for index in bytes.indices { sum &+= bytes[index] }
  return sum
}

/// Sets all variables of the program and the kernel to 0.
@inline(never)
func wipeVariables() {
  let variables = Image.running.variables
  var address = variables.lowerBound
  while address < variables.upperBound {
    unsafe hart_store64(address, 0)
    address += 8
  }
  print("\(UInt64(load(from: 8)))")
}

/// Writes beyond the end of its own variable, up to the canary.
@inline(never)
func smash(_ words: Int) -> UInt64 {
  var local: InlineArray<4, UInt64> = [1, 2, 3, 4]
  unsafe withUnsafeMutablePointer(to: &local) { pointer in
    unsafe pointer.withMemoryRebound(to: UInt64.self, capacity: words) {
      for index in 0..<words { unsafe $0[index] = 0x5555 }
    }
  }
  return local[words & 3]
}
