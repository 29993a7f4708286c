// SPDX-License-Identifier: BSD-3-Clause

import Console
import Hart
import Testing

@Suite struct SBIConsoleTests {
  let hart = SimulatedHart()

  /// A firmware that offers the debug console or not, and has `typed` a byte.
  private func firmware(debugConsole: Bool, typed: Int = -1) {
    hart.firmware = { call in
      switch (call.extensionID, call.function) {
      case (0x10, 3): .init(value: debugConsole ? 1 : 0)
      case (2, _): .init(error: typed)
      default: .init()
      }
    }
  }

  private var groupsCalled: [UInt64] {
    hart.events.compactMap { event in
      if case .called(let group, _, _) = event { group } else { nil }
    }
  }

  @Test func `new firmware writes to its debug console`() {
    firmware(debugConsole: true)
    hart.run {
      var console = SBIConsole()
      console.write("ab")
    }
    #expect(groupsCalled == [0x10, 0x4442_434E, 0x4442_434E])
  }

  @Test func `old firmware writes by the legacy call`() {
    firmware(debugConsole: false)
    hart.run {
      var console = SBIConsole()
      console.write("ab")
    }
    #expect(groupsCalled == [0x10, 1, 1])
  }

  @Test func `input comes from the legacy call`() {
    firmware(debugConsole: true, typed: 65)
    let byte = hart.run {
      var console = SBIConsole()
      return console.read()
    }
    #expect(byte == 65)
  }
}
