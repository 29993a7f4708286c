// SPDX-License-Identifier: BSD-3-Clause

import CHart
import Hart
import Testing

@testable import Traps

@Suite struct TrapHandlersTests {
  let interrupt: UInt64 = 1 << 63

  /// Lets `handlers` deal with a trap of that cause at 0x1000.
  private func deal(
    _ handlers: TrapHandlers, cause: UInt64
  ) -> (handled: Bool, pc: UInt64) {
    var saved = hart_trap_frame()
    saved.cause = cause
    saved.pc = 0x1000
    return unsafe withUnsafeMutablePointer(to: &saved) { pointer in
      let frame = unsafe TrapFrame(at: pointer)
      return (handlers.handle(frame), frame.pc)
    }
  }

  @Test func `a trap that nobody wants is not dealt with`() {
    let handlers = TrapHandlers()
    #expect(!deal(handlers, cause: 2).handled)
    #expect(!deal(handlers, cause: interrupt | 5).handled)
    #expect(!deal(handlers, cause: interrupt | 13).handled)
  }

  @Test(
    arguments: [(1, .software), (5, .timer), (9, .external)]
      as [(UInt64, HartInterrupt)])
  func `an interrupt reaches its handler and no other`(
    code: UInt64, kind: HartInterrupt
  ) {
    var handlers = TrapHandlers()
    handlers.set(.software) { TrapCalls.current.append(.software) }
    handlers.set(.timer) { TrapCalls.current.append(.timer) }
    handlers.set(.external) { TrapCalls.current.append(.external) }
    TrapCalls.$current.withValue(TrapCalls()) {
      #expect(deal(handlers, cause: interrupt | code).handled)
      #expect(TrapCalls.current.kinds == [kind])
    }
  }

  @Test func `a handler may let the program go on elsewhere`() {
    var handlers = TrapHandlers()
    handlers.setException { frame in
      guard frame.reason == .exception(.breakpoint) else { return false }
      frame.pc += 2
      return true
    }
    let result = deal(handlers, cause: 3)
    #expect(result.handled && result.pc == 0x1002)
    #expect(!deal(handlers, cause: 2).handled)
  }

  @Test func `a handler can be taken away`() {
    var handlers = TrapHandlers()
    handlers.set(.timer) {}
    handlers.set(.timer, nil)
    #expect(!deal(handlers, cause: interrupt | 5).handled)
  }
}

/// Which handlers ran in the current test. Handlers capture nothing, so they
/// find this by themselves.
private final class TrapCalls: @unchecked Sendable {
  @TaskLocal static var current = TrapCalls()
  var kinds: [HartInterrupt] = []
  func append(_ kind: HartInterrupt) { kinds.append(kind) }
}

@Suite struct ExceptionTests {
  @Test func `every number of the manual has a name, others are reserved`() {
    let reserved = (0..<64 as Range<UInt64>).filter { code in
      if case .reserved = Exception(code: code) { true } else { false }
    }
    #expect(reserved == [10, 11, 14] + Array(16..<64))
  }

  @Test func `a trap's name tells interrupts from exceptions`() {
    let timer = TrapReason(TrapCause(rawValue: 1 << 63 | 5))
    #expect(timer == .interrupt(.timer))
    #expect(TrapReason(TrapCause(rawValue: 5)) == .exception(.loadAccessFault))
    let unknown = TrapReason(TrapCause(rawValue: 1 << 63 | 40))
    #expect(unknown == .unknownInterrupt(40))
  }

  @Test func `names are all different`() {
    let codes: [UInt64] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15]
    let names = codes.map {
      "\(Exception(code: $0).name)"
    }
    #expect(Set(names).count == names.count)
  }

  @Test func `an interrupt's bit is its number`() {
    for code in 0..<64 as Range<UInt64> {
      guard let interrupt = HartInterrupt(code: code) else { continue }
      #expect(interrupt.bit.rawValue == 1 << code)
    }
  }

  @Test func `a fault's value is an address`() {
    #expect(Exception.loadPageFault.valueMeaning == .address)
    #expect(Exception.illegalInstruction.valueMeaning == .instruction)
    #expect(Exception.callFromSupervisor.valueMeaning == .nothing)
  }
}
