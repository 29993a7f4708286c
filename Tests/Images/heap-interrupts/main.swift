// SPDX-License-Identifier: BSD-3-Clause
//
// The heap used by the program and by an interrupt that breaks into it, again
// and again, each time at another point of the program's calls.

import Allocation
import Boot
import CHart
import Console
import Hart
import Traps

#if DEBUG
  // A checked heap takes its time.
  let (interruptCount, pause) = (200, 3000)
#else
  let (interruptCount, pause) = (4000, 40)
#endif

/// Blocks of one owner, in 16 places; each is filled with a number of its own.
struct Blocks {
  private var places = InlineArray<16, UInt64>(repeating: 0)
  private var random: UInt64

  init(seed: UInt64) { random = seed }

  /// Allocates, or looks at a block and releases it.
  mutating func step() {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    let place = Int(random >> 60)
    let address = places[place]
    guard address != 0 else {
      // Small and large blocks take turns.
      let words = 1 + random >> 20 & 255
      places[place] = heap_allocate(words * 8, 16)
      for word in 0..<words { store(mark(place), places[place] + word * 8) }
      return
    }
    let count = unsafe heap_size(address) / 8
    let first = load(address)
    guard first == mark(place), count > 0 else {
      panic("block \(hex: address) holds \(hex: first)")
    }
    unsafe heap_release(address)
    places[place] = 0
  }

  private func mark(_ place: Int) -> UInt64 {
    places[place] ^ 0x6D61_726B
  }

  private func load(_ address: UInt64) -> UInt64 {
    unsafe UnsafePointer<UInt64>(bitPattern: UInt(address))?.pointee ?? 0
  }

  private func store(_ value: UInt64, _ address: UInt64) {
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(address))?.pointee =
      value
  }
}

// The first is the interrupt's own; so is the count but for reading.
nonisolated(unsafe) var inInterrupt = Blocks(seed: 0x9E37_79B9_7F4A_7C15)
nonisolated(unsafe) var interrupts = 0

func tick() {
  for _ in 0..<3 { unsafe inInterrupt.step() }
  unsafe interrupts += 1
  let isLast = unsafe interrupts == interruptCount
  // A tick is 100 instructions: another distance each time.
  let distance = unsafe UInt64(pause + interrupts % 17)
  Trap.timer.interrupt(at: isLast ? .max : Hart.time + distance)
}

@inline(never)
func run() -> UInt64 {
  var blocks = Blocks(seed: 0x2545_F491_4F6C_DD1D)
  var steps: UInt64 = 0
  Trap.onInterrupt(.timer) { tick() }
  Hart.enable(.timer)
  Trap.timer.interrupt(at: Hart.time)
  Hart.enableInterrupts()
  while unsafe interrupts < interruptCount {
    blocks.step()
    steps += 1
  }
  Hart.disableInterrupts()
  return steps
}

let steps = run()
print("\(unsafe interrupts) interrupts, no block damaged")
guard steps > interruptCount else { panic("only \(steps) steps") }
