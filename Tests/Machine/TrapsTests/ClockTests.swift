// SPDX-License-Identifier: BSD-3-Clause

import Hart
import SBI
import Testing

@testable import Traps

@Suite struct ClockTests {
  @Test func `ten million ticks are a second`() {
    let clock = Traps.Clock(
      source: ManualTicks(ticks: 10_000_000), frequency: 10_000_000)
    #expect(clock.now == 1_000_000_000)
  }

  @Test func `a time that goes on is read again`() {
    var clock = Traps.Clock(source: ManualTicks(), frequency: 10_000_000)
    let before = clock.now
    clock.source.ticks += 3
    #expect(clock.now - before == 300)
  }

  @Test func `conversions agree with exact arithmetic`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let frequency = UInt64.random(in: 1...10_000_000_000, using: &generator)
      let clock = Traps.Clock(source: ManualTicks(), frequency: frequency)
      let amount = generator.next() >> UInt64.random(in: 0..<64)
      let exactTime = UInt128(amount) * 1_000_000_000 / UInt128(frequency)
      #expect(
        clock.nanoseconds(ticks: amount) == UInt64(clamping: exactTime))
      let exactTicks =
        (UInt128(amount) * UInt128(frequency) + 999_999_999) / 1_000_000_000
      #expect(
        clock.ticks(nanoseconds: amount) == UInt64(clamping: exactTicks))
    }
  }

  @Test func `waiting is never too short`() {
    let clock = Traps.Clock(source: ManualTicks(), frequency: 32_768)
    for wait in stride(from: UInt64(1), to: 1_000_000_000, by: 7_777_777) {
      let ticks = clock.ticks(nanoseconds: wait)
      #expect(clock.nanoseconds(ticks: ticks) >= wait - 1)
    }
  }

  @Test func `a clock that stands still is refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = Traps.Clock(source: ManualTicks(), frequency: 0)
    }
  }
}

@Suite struct TimerTests {
  let hart = SimulatedHart()

  @Test func `Sstc sets the hart's own register`() {
    hart.run { SstcTimer().interrupt(at: 123) }
    #expect(hart.timerComparison == 123)
    #expect(hart.events == [])
  }

  @Test func `the firmware's timer is a call`() {
    hart.run { FirmwareTimer().interrupt(at: 123) }
    #expect(
      hart.events == [
        .called(
          extensionID: 0x5449_4D45, function: 0, arguments: [123, 0, 0, 0, 0])
      ])
  }
}
