// SPDX-License-Identifier: BSD-3-Clause
//
// Broken on purpose, in the way that the argument `fault=` names: each way
// touches an address as its page does not allow.

import Boot
import CHart
import Console
import Hart
import Paging
import Traps

let memory = unsafe IdentityMemory()

@inline(never)
func jump(to address: UInt64) {
  let function = unsafe unsafeBitCast(
    UInt(address), to: (@convention(c) () -> Void).self)
  function()
}

@inline(never)
func descend(_ depth: Int) -> Int {
  guard depth < .max else { return 0 }
  return descend(depth + 1) + depth
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

func fault(_ name: ByteView) {
  let image = Image.running
  if name == "load-null" { print("\(memory.load(8))") }
  if name == "store-code" { memory.store(0, at: image.text.lowerBound) }
  if name == "store-constant" {
    memory.store(0, at: image.constants.lowerBound)
  }
  if name == "execute-data" { jump(to: image.variables.lowerBound) }
  if name == "execute-stack" { jump(to: hart_frame_pointer() & ~7) }
  if name == "load-device" { print("\(memory.load(0x1000_0000))") }
  if name == "load-hole" { print("\(memory.load(0x0800_0000))") }
  if name == "load-firmware" { print("\(memory.load(0x8000_0000))") }
  if name == "emergency-guard" {
    memory.store(0, at: image.emergencyStackGuard.lowerBound)
  }
  if name == "overflow" { print("\(descend(0))") }
  if name == "smash" { print("\(smash(8))") }
  if name == "release-twice" {
    guard let run = try? KernelMemory.allocate() else { return }
    KernelMemory.release(run)
    KernelMemory.release(run)
  }
}

if let word = Board.arguments.value(of: "show"), word == "canary" {
  print("canary \(hex: hart_canary())")
  exit()
}
if let word = Board.arguments.value(of: "show"), word == "seed" {
  // It was there: the boot information knows where, and nothing stands there
  // now.
  func word(_ answer: Bool) -> StaticString { answer ? "yes" : "no" }
  let bootInfo = Board.bootInfo
  let inTree = (try? Board.deviceTree?.randomSeed()) ?? nil
  print("the firmware's seed was there: \(word(bootInfo.randomSeedOffset > 0))")
  put("in the tree: \(word(inTree != nil)), ")
  print("in the boot information: \(word(bootInfo.randomSeed != nil))")
  let isSound = (try? Board.deviceTree?.checkStructure()) != nil
  print("the tree is \(isSound ? "sound" : "damaged" as StaticString)")
  exit()
}
if let name = Board.arguments.value(of: "fault") { fault(name) }
panic("the fault did not happen")
