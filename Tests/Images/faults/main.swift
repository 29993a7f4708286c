// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose, in the way that the argument `fault=` names. Each way ends
// in a panic that says what happened and what lies there.

import Boot
import Console
import Hart
import Traps

@inline(never)
func load(from address: UInt64) -> UInt32 {
  unsafe MemoryMappedBus(at: address).load32(at: 0)
}

@inline(never)
func store(to address: UInt64) {
  unsafe MemoryMappedBus(at: address).store32(1, at: 0)
}

@inline(never)
func jump(to address: UInt64) {
  let function = unsafe unsafeBitCast(
    UInt(address), to: (@convention(c) () -> Void).self)
  function()
}

func fault(_ name: ByteView) {
  if name == "load-nothing" { print("\(UInt64(load(from: 0x0800_0000)))") }
  if name == "load-null" { print("\(UInt64(load(from: 8)))") }
  if name == "load-firmware" { print("\(UInt64(load(from: 0x8000_0000)))") }
  if name == "store-nothing" { store(to: 0x0800_0000) }
  if name == "execute-nothing" { jump(to: 0x0800_0000) }
  if name == "illegal" { Hart.illegalInstruction() }
  if name == "breakpoint" { Hart.breakpoint() }
  if name == "timer" {
    Hart.enable(.timer)
    Trap.timer.interrupt(at: 0)
    Hart.enableInterrupts()
    while true { Hart.waitForInterrupt() }
  }
}

if let name = Board.arguments.value(of: "fault") { fault(name) }
panic("the fault did not happen")
