// SPDX-License-Identifier: BSD-3-Clause

import Hart
import Testing

@Suite struct HartTests {
  let hart = SimulatedHart()

  @Test func `interrupts are off at reset`() {
    hart.run { #expect(!Hart.interruptsEnabled) }
  }

  @Test func `disabling tells whether interrupts were on`() {
    hart.run {
      Hart.enableInterrupts()
      let first = Hart.disableInterrupts()
      let second = Hart.disableInterrupts()
      #expect(first && !second)
    }
  }

  @Test func `a scope turns interrupts off and on again`() {
    hart.run {
      Hart.enableInterrupts()
      let inside = Hart.withInterruptsDisabled { Hart.interruptsEnabled }
      #expect(!inside)
      #expect(Hart.interruptsEnabled)
    }
  }

  @Test func `the end of an inner scope leaves interrupts off`() {
    hart.run {
      Hart.enableInterrupts()
      let between = Hart.withInterruptsDisabled {
        Hart.withInterruptsDisabled {}
        return Hart.interruptsEnabled
      }
      #expect(!between)
    }
  }

  @Test func `a scope that throws restores interrupts`() {
    struct Failure: Error {}
    hart.run {
      Hart.enableInterrupts()
      #expect(throws: Failure.self) {
        try Hart.withInterruptsDisabled { throw Failure() }
      }
      #expect(Hart.interruptsEnabled)
    }
  }

  @Test func `a scope leaves interrupts off that were off`() {
    hart.run {
      Hart.withInterruptsDisabled {}
      #expect(!Hart.interruptsEnabled)
    }
  }

  @Test func `kinds of interrupt are enabled one by one`() {
    hart.run {
      Hart.enable(.timer | .external)
      Hart.disable(.external)
      #expect(Hart.enabledInterrupts == .timer)
    }
  }

  @Test func `a software interrupt can be withdrawn`() {
    hart.pendingInterrupts = .software | .timer
    hart.run {
      Hart.clearSoftwareInterrupt()
      #expect(Hart.pendingInterrupts == .timer)
    }
  }

  @Test func `waiting lets the test's time pass`() {
    hart.onWait = { $0.time += 5 }
    hart.run {
      Hart.waitForInterrupt()
      #expect(Hart.time == 5)
    }
    #expect(hart.events == [.waitedForInterrupt])
  }

  @Test func `each test has a hart of its own`() {
    hart.run { Hart.enableInterrupts() }
    SimulatedHart().run { #expect(!Hart.interruptsEnabled) }
  }
}

@Suite struct RegisterBitsTests {
  @Test func `bits of the manual`() {
    #expect(InterruptSet.software.rawValue == 1 << 1)
    #expect(InterruptSet.timer.rawValue == 1 << 5)
    #expect(InterruptSet.external.rawValue == 1 << 9)
    #expect(HartStatus.interruptsEnabled.rawValue == 1 << 1)
    #expect(HartStatus.interruptsWereEnabled.rawValue == 1 << 5)
    #expect(HartStatus.cameFromSupervisor.rawValue == 1 << 8)
  }

  @Test func `a set contains its parts and nothing else`() {
    let set: InterruptSet = .software | .timer
    #expect(set.contains(.timer))
    #expect(set.contains(.none))
    #expect(!set.contains(.external))
    #expect(!set.contains(.timer | .external))
  }

  @Test func `a cause is an interrupt when bit 63 is set`() {
    let timer = TrapCause(rawValue: 1 << 63 | 5)
    #expect(timer.isInterrupt)
    #expect(timer.code == 5)
    #expect(!TrapCause(rawValue: 5).isInterrupt)
  }
}
