// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Inspecting
@testable import Runner

/// Scripts that stand in for QEMU as a debugger sees it.
@Suite struct `A halted machine` {
  private func machine(
    _ script: String, seconds: Double = 600
  ) throws -> HaltedMachine {
    try HaltedMachine(
      Command(URL(filePath: "/bin/sh"), ["-c", script]), within: seconds)
  }

  /// A script that sends these packets and then lives on.
  private func sends(_ bodies: String...) -> String {
    let packets = bodies.map { body in
      let text = String(decoding: DebuggerPacket.encode(body), as: UTF8.self)
      return "printf '%s' '+\(text)'\n"
    }
    return packets.joined() + "exec sleep 600"
  }

  @Test func `comes to a place`() throws {
    let machine = try machine(sends("OK", "T05thread:01;", "OK"))
    #expect(try machine.run(to: 0x8020_0000))
  }

  @Test func `may end before it comes there`() throws {
    let machine = try machine(sends("OK", "W00"))
    #expect(try !machine.run(to: 0x8020_0000))
  }

  @Test func `may never come there`() throws {
    let machine = try machine(sends("OK"), seconds: 0.3)
    #expect(throws: Diagnosis.timeOut(seconds: 0.3, place: [])) {
      try machine.run(to: 0x8020_0000)
    }
  }

  @Test func `says why QEMU refused to start`() throws {
    let machine = try machine("echo no such board >&2; exit 1")
    #expect(throws: Diagnosis.emulatorRefused(words: "no such board\n")) {
      try machine.monitor("info registers")
    }
  }

  @Test func `joins what the monitor says in pieces`() throws {
    let machine = try machine(sends("O7361", "O7470", "OK"))
    #expect(try machine.monitor("info registers") == "satp")
  }

  @Test func `finds a register by its name, in a list that comes in parts`()
    throws
  {
    let machine = try machine(
      sends(
        "m<reg name=\"mcycle\" regnum=\"5\"/><reg name=\"minst",
        "lret\" bitsize=\"64\" regnum=\"2883\"/>", "0201000000000000"))
    #expect(try machine.controlRegister("minstret") == 0x102)
  }

  @Test func `reads numbers from memory, in parts if need be`() throws {
    let part = String(repeating: "0102030000000080", count: 256)
    let machine = try machine(sends(part, part))
    #expect(
      try machine.words(at: 0x8000_0000, count: 512)
        == Array(repeating: 0x8000_0000_0003_0201, count: 512))
  }

  @Test(arguments: ["", "E14", "zz", "01", "Ozz"])
  func `does not believe odd answers`(answer: String) throws {
    #expect(throws: Failure.self) {
      try machine(sends(answer)).words(at: 0, count: 1)
    }
    #expect(throws: Failure.self) {
      try machine(sends(answer)).monitor("info mtree -f")
    }
    #expect(throws: Failure.self) {
      try machine(sends(answer)).run(to: 0)
    }
  }
}
