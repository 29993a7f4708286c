// SPDX-License-Identifier: BSD-3-Clause
//
// Chapter 2: the machine interrupts the program. It reads what the machine is
// made of, survives two exceptions of its own making, and lets the timer
// interrupt it ten times.

import Boot
import Console
import DeviceTree
import Hart
import Traps

// The student's answers, where the image is built with them:
// `make run-ch2 EXERCISES=mine`.
#if EXERCISE_2_1
  import Exercise_2_1
#endif
#if EXERCISE_2_2
  import Exercise_2_2
#endif
#if EXERCISE_2_3
  import Exercise_2_3

  nonisolated(unsafe) var ticker: Ticker<BoardTimer>?
#endif

// MARK: - The machine

/// What the device tree says about the board.
func printMachine(_ tree: DeviceTree) throws(DeviceTreeError) {
  try tree.forEachMemoryRegion { memory throws(DeviceTreeError) in
    print("memory    \(hex: memory.start, digits: 8), \(memory.size >> 20) MiB")
  }
  try tree.forEachReservedRegion { reserved throws(DeviceTreeError) in
    let region = reserved.region
    print("reserved  \(hex: region.start, digits: 8), \(region.size >> 10) KiB")
  }
  try tree.forEachHart { hart throws(DeviceTreeError) in
    let isa = try hart.instructionSet() ?? ByteView("unknown")
    print("hart      \(hart.identifier), \(isa)")
  }
  #if EXERCISE_2_2
    if let size = try? memorySize(of: tree) { print("in all    \(size) bytes") }
  #endif
  print("clock     \(Trap.clock.frequency) ticks in a second")
  if let port = try tree.serialPort() {
    print("console   \(hex: port.region.start, digits: 8)")
  }
  print("virtio    \(try tree.virtioSlots().count) slots")
}

// MARK: - Exceptions

/// Says what happened, and goes on behind the instruction.
func survive(_ frame: TrapFrame) -> Bool {
  print("trap: \(frame.reason.name)")
  #if EXERCISE_2_1
    var console = SystemConsole()
    console.write(cause: frame.cause.rawValue, status: frame.status.rawValue)
    console.write("\n")
  #endif
  TrapReport(of: frame, on: .board).print()
  switch frame.reason {
  case .exception(.breakpoint), .exception(.illegalInstruction):
    frame.skipInstruction()
    return true
  default:
    return false
  }
}

// MARK: - Ticks

/// How often the timer shall interrupt: ten times in a second.
let ticksBetween = Trap.clock.ticks(nanoseconds: 100_000_000)
let tickCount = 10

/// When each tick came, in ticks of the clock. Written by the interrupt.
nonisolated(unsafe) var times: InlineArray<11, UInt64> = .init(repeating: 0)
nonisolated(unsafe) var count = 0

/// The timer interrupt: notes the time, and asks for the next one.
func tick() {
  unsafe times[count] = Hart.time
  unsafe count += 1
  let isLast = unsafe count > tickCount
  #if EXERCISE_2_3
    _ = unsafe ticker?.interrupted(at: Hart.time)
    if isLast { unsafe ticker?.stop() }
  #else
    // From the first tick, not from now: a late one does not delay the others.
    let next = unsafe times[0] + UInt64(count) * ticksBetween
    Trap.timer.interrupt(at: isLast ? .max : next)
  #endif
}

/// Sleeps until all ticks have come.
func waitForTicks() {
  Trap.onInterrupt(.timer) { tick() }
  Hart.enable(.timer)
  #if EXERCISE_2_3
    unsafe ticker = Ticker(
      timer: Trap.timer, start: Hart.time, period: ticksBetween)
  #else
    Trap.timer.interrupt(at: Hart.time)
  #endif
  while unsafe count <= tickCount {
    // Off while looking: a tick between the look and the sleep still wakes.
    Hart.disableInterrupts()
    if unsafe count <= tickCount { Hart.waitForInterrupt() }
    Hart.enableInterrupts()
  }
}

// MARK: - The program

print("Swiftkraft, chapter 2: Traps")
print()
guard let tree = Board.deviceTree else { panic("no device tree") }
do throws(DeviceTreeError) {
  try printMachine(tree)
} catch {
  panic("\(error.description) at byte \(error.offset) of the device tree")
}

print()
Trap.onException { frame in survive(frame) }
Hart.breakpoint()
Hart.illegalInstruction()
print("still running")

print()
waitForTicks()
for number in 1...tickCount {
  let interval = unsafe times[number] - times[number - 1]
  let time = Trap.clock.nanoseconds(ticks: interval)
  print("tick \(number, width: 2) after \(time) ns")
}
