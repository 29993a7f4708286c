// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 3: every address goes through page tables. The program takes frames,
// follows the hart's way through the tables, sees one frame at two addresses,
// and survives four accesses that the tables refuse.

import Boot
import Console
import Hart
import Paging
import Traps

// The student's answers, where the image is built with them:
// `make run-ch3 EXERCISES=mine`.
#if EXERCISE_3_1
  import Exercise_3_1
#endif
#if EXERCISE_3_2
  import Exercise_3_2
#endif
#if EXERCISE_3_3
  import Exercise_3_3
#endif

/// Addresses where nothing is mapped until this program does it.
let place: UInt64 = 0x20_0000_0000

// Used only at addresses that the kernel has handed out, or to be refused.
let memory = unsafe IdentityMemory()

// MARK: - Frames and tables

/// Frames are taken, and go back when their owner goes.
func useFrames() throws(FrameError) {
  let before = KernelMemory.freeFrames
  print("free      \(before) frames, \(before >> 8) MiB")
  do {
    let five = try OwnedFrames(count: 5, alignment: 16)
    print("five of   \(five.run.addresses)")
    print("free      \(KernelMemory.freeFrames)")
  }
  print("and back  \(KernelMemory.freeFrames)")
}

/// What the hart reads on its way to `address`.
func printWalk(_ address: UInt64) {
  print("walk to \(hex: address, digits: 8)")
  KernelMemory.walk(address) { step in
    put("  level \(step.level), entry \(step.index, width: 3): ")
    #if EXERCISE_3_1
      var console = SystemConsole()
      console.write(entry: step.entry.rawValue)
      console.write("\n")
    #else
      let kind: StaticString = step.entry.isPage ? "page" : "table"
      print("\(kind) at \(hex: step.entry.frame.address, digits: 8)")
    #endif
  }
  guard let page = KernelMemory.translate(address) else { return }
  print("  that page may be \(page.protection.description)")
  #if EXERCISE_3_2
    let own = translate(
      address, .load, root: KernelMemory.rootFrame.number, in: memory)
    print("  your walk finds \(own == .success(page.physical) ? "" : "not ")it")
  #endif
}

/// Writes at one address, reads at another: both lead to one frame.
func showAliases() throws(MappingError) {
  guard let frame = try? KernelMemory.allocate() else { return }
  try KernelMemory.map(place, to: frame, .readWrite)
  memory.store(2026, at: place)
  print("written at \(hex: place)")
  print("read at    \(hex: frame.first.address): ")
  print("           \(memory.load(frame.first.address))")
  try KernelMemory.protect(place, size: Frame.size, .readOnly)
}

// MARK: - Accesses that are refused

/// Says what happened, and goes on behind it.
func survive(_ frame: TrapFrame) -> Bool {
  #if EXERCISE_3_3
    if lazyPages(frame) { return true }
  #endif
  print("\(frame.reason.name)")
  Explanation(of: frame, on: .board).print()
  switch frame.reason {
  case .exception(.loadPageFault), .exception(.storePageFault):
    frame.skipInstruction()
    return true
  case .exception(.instructionPageFault):
    // As if the function that was called had returned at once.
    frame.pc = frame[register: 1]
    return true
  default:
    return false
  }
}

/// Calls `address` as if a function began there.
func call(_ address: UInt64) {
  let function = unsafe unsafeBitCast(
    UInt(address), to: (@convention(c) () -> Void).self)
  function()
}

func provoke() {
  let image = Image.running
  _ = memory.load(8)
  memory.store(1, at: image.constants.lowerBound)
  call(image.variables.lowerBound)
  memory.store(1, at: place)
  memory.store(1, at: image.bootStackGuard.lowerBound)
}

// MARK: - The program

print("Swiftkraft, chapter 3: Paging")
print()
let satp = Hart.addressTranslation
print("mode      \(satp >> 60), root table in frame \(hex: satp & 0xFFF_FFFF)")
do throws(FrameError) {
  try useFrames()
} catch {
  panic("\(error.description)")
}

print()
printWalk(Image.running.text.lowerBound)
printWalk(Hart.stack.lowerBound)

print()
do throws(MappingError) {
  try showAliases()
} catch {
  panic("\(error.description)")
}

print()
Trap.onException { frame in survive(frame) }
provoke()
print("still running")
