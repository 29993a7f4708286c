// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// The packets in which a debugger and QEMU talk: `$m80200000,8#2a`, answered
/// by `+` once it has arrived whole (the manual of gdb, appendix "GDB Remote
/// Serial Protocol").
enum DebuggerPacket {
  /// What QEMU is sent to say that its packet has arrived.
  static let received = Data("+".utf8)

  /// A packet ready to be sent.
  static func encode(_ body: String) -> Data {
    Data("$\(body)#\(checksum(Data(body.utf8)))".utf8)
  }

  /// Two digits: the sum of all bytes.
  private static func checksum(_ body: Data) -> String {
    let digits = String(body.reduce(UInt8(0)) { $0 &+ $1 }, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }

  /// Takes the first whole packet out of what has come so far.
  ///
  /// - Parameter bytes: What has come; loses the packet and all before it.
  /// - Returns: Its body, or nil as long as none is whole. A packet whose sum
  ///   is wrong is skipped: a pipe loses nothing, so it never was one.
  static func decode(_ bytes: inout Data) -> String? {
    while let start = bytes.firstIndex(of: UInt8(ascii: "$")),
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "#")),
      bytes.endIndex - end > 2
    {
      let body = bytes[(start + 1)..<end]
      let sum = String(decoding: bytes[(end + 1)...(end + 2)], as: UTF8.self)
      bytes = Data(bytes[(end + 3)...])
      guard sum.lowercased() == checksum(Data(body)) else { continue }
      return String(decoding: body, as: UTF8.self)
    }
    return nil
  }
}

/// Bytes as they travel in packets: two hexadecimal digits each.
enum HexBytes {
  static func encode(_ text: String) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// Nil where anything but pairs of digits stands.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[place], let low = digits[place + 1] else {
        return nil
      }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }
}
