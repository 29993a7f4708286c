// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation

/// Asks QEMU's monitor where the hart is, when a program has run too long.
package struct Monitor {
  /// What the monitor prints when it waits for a command.
  private static let prompt = Data("(qemu) ".utf8)

  package let child: Child
  package let queue: EventQueue
  package let deadline: DispatchTime

  /// Changes from the console to the monitor and halts the machine, so that
  /// the program's own output does not get between the answers.
  package init(_ child: Child, _ queue: EventQueue, within seconds: Double) {
    self.child = child
    self.queue = queue
    deadline = .now() + seconds
  }

  /// The program counter, then the return addresses, by frame pointer.
  package func backtrace() -> [UInt64] {
    guard ask("\u{1}c") != nil, ask("stop\n") != nil,
      let registers = ask("info registers\n"),
      let pc = Self.register("pc", in: registers)
    else { return [] }
    // The firmware works for the kernel: its call, or the place where a timer
    // interrupted it, is what a reader can do something about. The firmware
    // keeps no frame pointers.
    if pc < Board.kernel, let caller = Self.register("mepc", in: registers),
      Board.mayHoldCode(caller)
    {
      return [caller]
    }
    return [pc]
      + returnAddresses(from: Self.register("x8/s0", in: registers) ?? 0)
  }

  /// A function keeps its caller's frame pointer 16 bytes below its own, and
  /// its return address 8 bytes below (RISC-V ELF psABI, "Frame Pointer
  /// Convention").
  private func returnAddresses(from start: UInt64) -> [UInt64] {
    var addresses: [UInt64] = []
    var frame = start
    while addresses.count < 32, frame >= 16, frame % 8 == 0,
      let answer = ask("x /2gx 0x\(String(frame - 16, radix: 16))\n"),
      let (next, address) = Self.twoWords(in: answer),
      Board.mayHoldCode(address)
    {
      addresses.append(address)
      guard next > frame else { break }
      frame = next
    }
    return addresses
  }

  /// What comes before the next prompt, or nil if none comes in time.
  private func ask(_ command: String) -> String? {
    child.type(Data(command.utf8))
    var answer = Data()
    while let event = queue.next(before: deadline) {
      switch event {
      case .output(let data) where !data.isEmpty: answer += data
      case .complaint, .typed: continue
      default:
        // Its end, or the user's impatience: the loop of the run sees to it.
        queue.send(event)
        return nil
      }
      if answer.range(of: Self.prompt) != nil {
        return String(decoding: answer, as: UTF8.self)
      }
    }
    return nil
  }

  /// The value after a register's name: ` pc       0000000080200c9a`.
  package static func register(_ name: String, in text: String) -> UInt64? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let place = words.firstIndex(of: Substring(name)),
      place + 1 < words.count
    else { return nil }
    return UInt64(words[place + 1], radix: 16)
  }

  /// `0000000080214f80: 0x0000000080214fa0 0x0000000080200d06`.
  package static func twoWords(in text: String) -> (UInt64, UInt64)? {
    guard
      let match = text.firstMatch(
        of: /[0-9a-f]{16}: 0x([0-9a-f]+) 0x([0-9a-f]+)/),
      let first = UInt64(match.1, radix: 16),
      let second = UInt64(match.2, radix: 16)
    else { return nil }
    return (first, second)
  }
}

/// What the runner knows about QEMU's board `virt`.
package enum Board {
  /// Memory starts here, and the firmware with it.
  package static let memory: UInt64 = 0x8000_0000
  /// The kernel's first byte.
  package static let kernel: UInt64 = 0x8020_0000

  /// Whether a program's code may lie there, as far as one can tell without
  /// looking at it.
  package static func mayHoldCode(_ address: UInt64) -> Bool {
    address >= kernel && address % 2 == 0
  }
}
