// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 3: every address goes through page tables. The program takes frames,
// follows the hart's way, sees one frame at two addresses, and survives five
// accesses that the tables refuse.

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

  nonisolated(unsafe) var lazyPages: LazyPages<KernelMachine>?
  nonisolated(unsafe) var machine = KernelMachine()
#endif

/// Addresses where nothing is mapped until this program does it.
let place: UInt64 = 0x20_0000_0000

// Used only at addresses that the kernel has handed out, or to be refused.
let memory = unsafe IdentityMemory()

// MARK: - Frames and tables

/// Frames are taken, and go back when their owner goes.
func useFrames() {
  let before = KernelMemory.freeFrames
  print("free      \(before) frames, \(before >> 8) MiB")
  do {
    guard let five = try? OwnedFrames(count: 5, alignment: 16) else { return }
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
      address, for: .load, root: KernelMemory.rootFrame.address, in: memory)
    print("  \(own == .physical(page.physical) ? "so" : "not so") you find")
  #endif
}

/// Writes at one address, reads at another: both lead to one frame.
func showAliases() throws(MappingError) {
  guard let frame = try? KernelMemory.allocate() else { return }
  try KernelMemory.map(place, to: frame, .readWrite)
  memory.store(2026, at: place)
  let own = frame.first.address
  print("written at \(hex: place), read at \(hex: own): \(memory.load(own))")
  try KernelMemory.protect(place, size: Frame.size, .readOnly)
}

// MARK: - Accesses that are refused

/// Says what happened, and goes on behind it.
func survive(_ frame: TrapFrame) -> Bool {
  #if EXERCISE_3_3
    if unsafe lazyPages?.handle(frame, on: &machine) == true { return true }
  #endif
  print("\(frame.reason.name)")
  TrapReport(of: frame, on: .board).print()
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
let satp = Hart.addressTranslation
print()
print("mode      \(satp >> 60), root table in frame \(hex: satp & 0xFFF_FFFF)")
useFrames()

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
#if EXERCISE_3_3
  let lazy = place + (1 << 30)..<place + (2 << 30)
  unsafe lazyPages = machine.zeroedFrame().map {
    LazyPages(lazy, sharedFrame: $0)
  }
  memory.store(memory.load(lazy.lowerBound) + 1, at: lazy.lowerBound)
  print("a lazy page now holds \(memory.load(lazy.lowerBound))")
#endif
print("still running")
