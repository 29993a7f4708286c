// SPDX-License-Identifier: BSD-3-Clause

import CHart
import Hart
import Testing

@Suite struct TrapFrameTests {
  /// Runs `body` with a frame whose registers hold 1000 and their number.
  private func withFrame(_ body: (TrapFrame) -> Void) {
    var saved = hart_trap_frame()
    unsafe withUnsafeMutablePointer(to: &saved) { pointer in
      let frame = unsafe TrapFrame(at: pointer)
      for number in 1..<32 { frame[register: number] = UInt64(1000 + number) }
      body(frame)
    }
  }

  @Test func `registers are found by their number`() {
    withFrame { frame in
      #expect(frame[register: 31] == 1031)
      #expect(frame.stackPointer == 1002)
      #expect(frame.framePointer == 1008)
    }
  }

  @Test func `register 0 is 0`() {
    withFrame { frame in #expect(frame[register: 0] == 0) }
  }

  @Test func `what an illegal instruction mostly is can be told`() {
    let words = TrapCause(rawValue: 2).usualReason?.description ?? ""
    #expect(words.contains("overflow"))
    for other: UInt64 in [0, 1, 3, 12, 1 << 63 | 2] {
      #expect(TrapCause(rawValue: other).usualReason == nil)
    }
  }

  @Test func `the frame has the layout that trap.S writes`() {
    #expect(MemoryLayout<hart_trap_frame>.size == 304)
    #expect(MemoryLayout<hart_trap_frame>.offset(of: \.pc) == 256)
    #expect(MemoryLayout<hart_trap_frame>.offset(of: \.status) == 264)
    #expect(MemoryLayout<hart_trap_frame>.offset(of: \.cause) == 272)
    #expect(MemoryLayout<hart_trap_frame>.offset(of: \.value) == 280)
    #expect(MemoryLayout<hart_trap_frame>.offset(of: \.caller_frame) == 288)
    #expect(MemoryLayout<hart_trap_frame>.offset(of: \.caller_pc) == 296)
  }

  @Test func `the hart's record has the layout that start.S fills`() {
    #expect(MemoryLayout<hart_record>.offset(of: \.context) == 8)
    #expect(MemoryLayout<hart_context>.offset(of: \.status) == 112)
    #expect(MemoryLayout<hart_context>.offset(of: \.stack_low) == 120)
    #expect(MemoryLayout<hart_context>.offset(of: \.stack_high) == 128)
    #expect(MemoryLayout<hart_record>.offset(of: \.emergency_stack_high) == 16)
    #expect(MemoryLayout<hart_record>.offset(of: \.emergencies) == 24)
    #expect(MemoryLayout<hart_record>.offset(of: \.spill) == 32)
    #expect(MemoryLayout<hart_record>.offset(of: \.trap_handler) == 40)
    #expect(MemoryLayout<hart_record>.size <= 64)
  }

  @Test(
    arguments: [
      (0x1FF0, false), (0x2000, false), (0x2120, false), (0x2130, true),
      (0x2FF0, true), (0x3000, true), (0x3010, false), (0, false),
    ] as [(UInt64, Bool)])
  func `a stack without room for a frame is noticed`(
    pointer: UInt64, inside: Bool
  ) {
    let hart = SimulatedHart()
    hart.stack = 0x2000..<0x3000
    hart.run {
      withFrame { frame in
        frame[register: 2] = pointer
        #expect(frame.isStackInBounds == inside)
      }
    }
  }
}
