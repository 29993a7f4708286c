// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation
import Runner

/// A machine that runs from one chosen place to the next, and answers
/// questions where it halts.
///
///     packets ──▶ QEMU's standard input        $Z0,80200000,2#…
///     packets ◀── QEMU's standard output       $T05thread:01;#…
package final class HaltedMachine {
  private let child: Child
  private let queue: EventQueue
  private let interruption: Interruption
  private let seconds: Double
  private let deadline: DispatchTime
  private var bytes = Data()
  private var complaints = Complaints()
  private var controlRegisters: String?

  /// Starts QEMU with a machine that waits before its first instruction.
  ///
  /// - Parameters:
  ///   - command: QEMU, with `-S -gdb stdio`.
  ///   - seconds: For all that follows; 0 for no limit.
  /// - Throws: What the system says if QEMU cannot start.
  package init(_ command: Command, within seconds: Double) throws {
    queue = EventQueue()
    interruption = Interruption(reportingTo: queue)
    self.seconds = seconds
    deadline = seconds > 0 ? .now() + seconds : .distantFuture
    child = try Child(command, reportingTo: queue)
  }

  deinit { child.kill() }

  /// Lets the machine run until the next instruction is the one at `address`.
  ///
  /// - Returns: Whether it came there before it ended.
  /// - Throws: ``Diagnosis/timeOut(seconds:place:)`` if it does neither.
  package func run(to address: UInt64) throws -> Bool {
    let place = "0,\(hex(address)),2"
    guard try ask("Z\(place)") == "OK" else { throw misunderstood }
    guard try ask("c").hasPrefix("T") else { return false }
    guard try ask("z\(place)") == "OK" else { throw misunderstood }
    return true
  }

  /// What QEMU's monitor answers.
  package func monitor(_ command: String) throws -> String {
    var text: [UInt8] = []
    var answer = try ask("qRcmd,\(HexBytes.encode(command))")
    while answer != "OK" {
      guard answer.hasPrefix("O"),
        let more = HexBytes.decode(answer.dropFirst())
      else { throw misunderstood }
      text += more
      answer = try nextPacket()
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// From now on, addresses are those of the bus, not the program's.
  package func usePhysicalAddresses() throws {
    guard try ask("Qqemu.PhyMemMode:1") == "OK" else { throw misunderstood }
  }

  /// The value of a control and status register, by its name in the manual.
  ///
  /// QEMU numbers them as it likes, and tells the numbers in XML: `<reg
  /// name="minstret" bitsize="64" regnum="2883"/>`.
  package func controlRegister(_ name: String) throws -> UInt64 {
    let list = try controlRegisters ?? transfer("features", "riscv-csr.xml")
    controlRegisters = list
    let row = list.split(separator: "<")
      .first { $0.contains("name=\"\(name)\"") }
    guard let match = row?.firstMatch(of: /regnum="([0-9]+)"/),
      let number = UInt64(match.1),
      let bytes = HexBytes.decode(try ask("p\(hex(number))")), bytes.count == 8
    else { throw misunderstood }
    return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A text that QEMU sends in parts; the last one begins with an `l`.
  private func transfer(_ kind: String, _ name: String) throws -> String {
    var text = ""
    while true {
      let place = "\(hex(UInt64(text.utf8.count))),400"
      let answer = try ask("qXfer:\(kind):read:\(name):\(place)")
      guard let first = answer.first, "lm".contains(first) else {
        throw misunderstood
      }
      text += answer.dropFirst()
      if first == "l" { return text }
    }
  }

  private func ask(_ body: String) throws -> String {
    child.type(DebuggerPacket.encode(body))
    return try nextPacket()
  }

  private func nextPacket() throws -> String {
    while true {
      if let body = DebuggerPacket.decode(&bytes) {
        child.type(DebuggerPacket.received)
        return body
      }
      switch queue.next(before: deadline) {
      case .output(let data): bytes += data
      case .complaint(let data): complaints.add(data)
      case .interrupted(let signal): throw Interrupted(signal: signal)
      case .typed: break
      case .ended:
        throw Diagnosis.emulatorRefused(
          words: complaints.lastWords(from: queue))
      case nil: throw Diagnosis.timeOut(seconds: seconds, place: [])
      }
    }
  }

  private var misunderstood: Failure {
    Failure(
      "QEMU does not answer as a debugger expects.",
      advice: "`make doctor` says whether QEMU is new enough, and works.")
  }
}

extension HaltedMachine: PhysicalMemory {
  /// QEMU sends no more than 2,048 bytes at once.
  package func words(at address: UInt64, count: Int) throws -> [UInt64] {
    var bytes: [UInt8] = []
    while bytes.count < count * 8 {
      let part = min(2048, count * 8 - bytes.count)
      let place = address &+ UInt64(bytes.count)
      let answer = try ask("m\(hex(place)),\(hex(UInt64(part)))")
      guard let more = HexBytes.decode(answer), more.count == part
      else { throw misunderstood }
      bytes += more
    }
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<(start + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}

/// Lowercase digits without a prefix.
private func hex(_ number: UInt64) -> String { String(number, radix: 16) }
