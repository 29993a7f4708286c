// SPDX-License-Identifier: BSD-3-Clause

import Console
import Hart
import Testing

@Suite struct UART16550Tests {
  let bus = RecordingBus()

  @Test func `it is set to eight bits, with its interrupts off`() {
    _ = UART16550(bus: bus)
    #expect(
      bus.accesses == [
        .store(0, at: 1), .store(3, at: 3), .store(7, at: 2),
      ])
  }

  @Test func `a byte is sent only when there is room`() {
    var port = UART16550(bus: bus)
    bus.plan(0x00, 0x01, 0x20, at: 5)
    let before = bus.accesses.count
    port.write(65)
    #expect(
      Array(bus.accesses[before...]) == [
        .load(5), .load(5), .load(5), .store(65, at: 0),
      ])
  }

  @Test func `nothing typed reads as nil`() {
    var port = UART16550(bus: bus)
    bus.plan(0x20, at: 5)
    let byte = port.read()
    #expect(byte == nil)
    #expect(bus.accesses.last == .load(5))
  }

  @Test func `a typed byte is read`() {
    var port = UART16550(bus: bus)
    bus.plan(0x61, at: 5)
    bus.plan(66, at: 0)
    let byte = port.read()
    #expect(byte == 66)
  }

  @Test func `registers may lie further apart`() {
    var port = UART16550(bus: bus, stride: 4)
    bus.plan(0x20, at: 20)
    port.write(65)
    #expect(
      bus.stores == [
        .store(0, at: 4), .store(3, at: 12), .store(7, at: 8),
        .store(65, at: 0),
      ])
  }

  @Test func `text goes through the port`() {
    var port = UART16550(bus: bus)
    bus.plan(0x20, at: 5)
    port.write("ok")
    #expect(
      bus.stores.suffix(2) == [.store(0x6F, at: 0), .store(0x6B, at: 0)])
  }
}

/// A bus that carries whole words only, as those of many boards do.
private final class WordBus: RegisterBus {
  var stores: [[Int]] = []
  var words: [Int: UInt32] = [:]
  var mistakes = 0
  func load8(at offset: Int) -> UInt8 {
    mistakes += 1
    return 0
  }
  func store8(_ value: UInt8, at offset: Int) { mistakes += 1 }
  func load32(at offset: Int) -> UInt32 { words[offset, default: 0] }
  func store32(_ value: UInt32, at offset: Int) {
    stores.append([Int(value), offset])
  }
}

@Suite struct WideUARTTests {
  @Test func `registers may want whole words`() {
    let bus = WordBus()
    bus.words = [20: 0xABCD_EF21, 0: 0xFFFF_FF42]
    var port = UART16550(bus: bus, stride: 4, width: 4)
    port.write(65)
    let byte = port.read()
    #expect(byte == 0x42)
    #expect(bus.stores == [[0, 4], [3, 12], [7, 8], [65, 0]])
    #expect(bus.mistakes == 0)
  }
}
