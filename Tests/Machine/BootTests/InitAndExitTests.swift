// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Boot

@Suite struct InitSequenceTests {
  @Test func `entries start in order and stop in reverse`() {
    var sequence = InitSequence()
    var order: [Int] = []
    while let position = sequence.nextToStart(of: 3) { order.append(position) }
    while let position = sequence.nextToStop() { order.append(position) }
    #expect(order == [0, 1, 2, 2, 1, 0])
  }

  @Test func `an entry that ends the program is stopped, later ones are not`() {
    var sequence = InitSequence()
    _ = sequence.nextToStart(of: 3)
    _ = sequence.nextToStart(of: 3)
    let stopped = [sequence.nextToStop(), sequence.nextToStop()]
    let end = sequence.nextToStop()
    #expect(stopped == [1, 0])
    #expect(end == nil)
  }

  @Test func `an empty table starts nothing`() {
    var sequence = InitSequence()
    let start = sequence.nextToStart(of: 0)
    let stop = sequence.nextToStop()
    #expect(start == nil && stop == nil)
  }
}

@Suite struct ExitStatusTests {
  @Test(
    arguments: [
      (0, 0), (1, 1), (70, 70), (255, 255), (256, 255), (-1, 255),
      (.max, 255), (.min, 255), (512, 255),
    ] as [(Int, UInt8)])
  func `only 0 means success`(status: Int, byte: UInt8) {
    #expect(ExitStatus.byte(status) == byte)
  }

  @Test func `the power device takes the status in its high half`() {
    #expect(ExitStatus.powerWord(0) == 0x5555)
    #expect(ExitStatus.powerWord(3) == 0x0003_3333)
    #expect(ExitStatus.powerWord(1000) == 0x00FF_3333)
  }
}
