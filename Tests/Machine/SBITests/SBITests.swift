// SPDX-License-Identifier: BSD-3-Clause

import Hart
import SBI
import Testing

/// Each call puts the numbers of the SBI specification into the registers.
@Suite struct SBICallTests {
  let hart = SimulatedHart()

  init() { hart.firmware = { _ in .init(value: 0) } }

  private func expectCall(
    _ group: UInt64, _ function: UInt64, _ arguments: [UInt64] = [],
    source: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) rethrows {
    try hart.run(body)
    let padding = Array(repeating: UInt64(0), count: 5 - arguments.count)
    #expect(
      hart.events == [
        .called(
          extensionID: group, function: function,
          arguments: arguments + padding)
      ], sourceLocation: source)
  }

  @Test func `set a timer`() throws {
    try expectCall(0x5449_4D45, 0, [77]) { try SBI.setTimer(77) }
  }

  @Test func `write a byte to the debug console`() throws {
    try expectCall(0x4442_434E, 2, [65]) { try SBI.debugWrite(65) }
  }

  @Test func `write a byte by the legacy call`() {
    expectCall(1, 0, [65]) { SBI.legacyWrite(65) }
  }

  @Test func `start a hart`() throws {
    try expectCall(0x48_534D, 0, [2, 0x8020_0000, 9]) {
      unsafe try SBI.startHart(2, at: 0x8020_0000, argument: 9)
    }
  }

  @Test func `stop this hart`() throws {
    try expectCall(0x48_534D, 1) { try SBI.stopHart() }
  }

  @Test func `reset the system`() throws {
    try expectCall(0x5352_5354, 0, [1, 1]) {
      try SBI.reset(.coldReboot, reason: .systemFailure)
    }
  }
}

@Suite struct SBIAnswerTests {
  let hart = SimulatedHart()

  private func answer(_ error: Int = 0, value: UInt64 = 0) {
    hart.firmware = { _ in .init(error: error, value: value) }
  }

  @Test(
    arguments: [
      (-1, .failed), (-2, .notSupported), (-3, .invalidParameter),
      (-4, .denied), (-5, .invalidAddress), (-6, .alreadyAvailable),
      (-7, .alreadyStarted), (-8, .alreadyStopped), (-99, .unknown(-99)),
      (1, .unknown(1)),
    ] as [(Int, SBIError)])
  func `an error number becomes a typed error`(number: Int, error: SBIError) {
    answer(number)
    #expect(throws: error) { try hart.run { try SBI.setTimer(0) } }
  }

  @Test func `a version has a major and a minor number`() throws {
    answer(value: 0x0200_0001)
    let version = try hart.run { try SBI.specificationVersion() }
    #expect(version.major == 2 && version.minor == 1)
  }

  @Test func `the firmware is known by its number`() throws {
    answer(value: 1)
    #expect(try hart.run { try SBI.implementation() } == .openSBI)
    answer(value: 1234)
    #expect(try hart.run { try SBI.implementation() } == .other(1234))
  }

  @Test func `an extension is offered when the answer is not 0`() {
    answer(value: 1)
    #expect(hart.run { SBI.offers(.timer) })
    answer(value: 0)
    #expect(!hart.run { SBI.offers(.timer) })
  }

  @Test func `firmware that cannot be asked offers nothing`() {
    answer(-2)
    #expect(!hart.run { SBI.offers(.timer) })
  }

  @Test func `a legacy read without a byte is nil`() {
    answer(-1)
    #expect(hart.run { SBI.legacyRead() } == nil)
    answer(65)
    #expect(hart.run { SBI.legacyRead() } == 65)
    answer(300)
    #expect(hart.run { SBI.legacyRead() } == nil)
  }

  @Test func `a hart's state that nobody knows is an error`() throws {
    answer(value: 1)
    #expect(try hart.run { try SBI.state(ofHart: 0) } == .stopped)
    answer(value: 40)
    #expect(throws: SBIError.unknown(40)) {
      try hart.run { try SBI.state(ofHart: 0) }
    }
  }

  @Test func `power off falls back to the legacy call`() {
    answer(-2)
    hart.run { SBI.powerOff(reason: .none) }
    #expect(hart.events.count == 2)
    #expect(
      hart.events.last
        == .called(extensionID: 8, function: 0, arguments: [0, 0, 0, 0, 0]))
  }

  @Test func `the legacy call, which says success, never ends a failure`() {
    answer(-2)
    hart.run { SBI.powerOff(reason: .systemFailure) }
    #expect(
      hart.events == [
        .called(
          extensionID: 0x5352_5354, function: 0, arguments: [0, 1, 0, 0, 0])
      ])
  }
}
