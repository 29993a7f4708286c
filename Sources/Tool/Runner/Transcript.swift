// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Everything that a machine printed, and what can be told from it.
///
///     OpenSBI v1.1             ┐
///     …                        ├ the firmware
///     Boot HART MEDELEG …      ┘
///     Swiftkraft, chapter 1    ┐
///     …                        ├ the kernel
///     panic: …                 ┘
public struct Transcript: Sendable {
  /// Byte for byte.
  public private(set) var bytes = Data()
  /// How many bytes of it come before the kernel's own output; nil as long as
  /// the firmware is not done.
  public private(set) var kernelStart: Int?
  /// How often the firmware began.
  public private(set) var firmwareStarts = 0

  /// The end of the last complete line.
  private var scanned = 0
  /// How many bytes were searched for the end of a line: a program may print
  /// without one, and each byte is looked at once.
  private var searched = 0

  /// A machine that has not printed anything.
  public init() {}

  /// A machine that has printed this.
  ///
  /// - Parameter text: All of it.
  public init(_ text: String) { append(Data(text.utf8)) }

  /// Adds what was printed next.
  ///
  /// - Parameter data: Any part of a line, or several lines.
  public mutating func append(_ data: Data) {
    bytes += data
    while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      see(bytes[scanned..<end], endingAt: end + 1)
      scanned = end + 1
      searched = scanned
    }
    searched = bytes.count
  }

  private mutating func see(_ line: Data, endingAt end: Int) {
    if line.starts(with: Data("OpenSBI v".utf8)) { firmwareStarts += 1 }
    // The last line that OpenSBI prints before it hands over.
    guard line.starts(with: Data("Boot HART MEDELEG".utf8)) else { return }
    if kernelStart == nil { kernelStart = end }
  }

  /// Whether the firmware printed anything at all.
  public var firmwareSpoke: Bool { firmwareStarts > 0 }

  /// Whether the firmware began again: the kernel rebooted, or crashed so hard
  /// that the machine did.
  public var rebooted: Bool { firmwareStarts > 1 }

  /// What the kernel printed, line by line, without empty lines at either end.
  public var kernelLines: [String] {
    guard let kernelStart else { return [] }
    return Self.lines(
      of: String(decoding: bytes[kernelStart...], as: UTF8.self))
  }

  /// Lines without the ends of lines and of trailing space; empty lines at
  /// either end do not count.
  package static func lines(of text: String) -> [String] {
    var lines = text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map { line in
      String(line.reversed().drop(while: \.isWhitespace).reversed())
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines.drop(while: \.isEmpty))
  }

  /// What each panic said: none, one, or a second one inside the first.
  public var panics: [String] {
    kernelLines.filter { $0.hasPrefix("panic: ") }
      .map { String($0.dropFirst("panic: ".count)) }
  }

  /// What the first panic said below its first line, but for the registers and
  /// where it happened: the backtrace tells that better.
  public var explanation: [String] {
    let lines = kernelLines.drop { !$0.hasPrefix("panic: ") }.dropFirst()
    return lines.prefix { $0.hasPrefix("  ") }
      .filter { $0.firstMatch(of: /^  (at |hart |[a-z0-9]+ +0x)/) == nil }
      .map { String($0.dropFirst(2)) }
  }

  /// The addresses that the first panic listed, innermost first.
  public var backtrace: [UInt64] {
    let lines = kernelLines
    guard let start = lines.firstIndex(of: "backtrace:") else { return [] }
    return Self.addresses(lines[(start + 1)...])
  }

  /// The other lists of addresses that belong to the first panic, each with its
  /// title:
  ///
  ///     allocated at:
  ///       #1 0x0000000080201234
  ///
  /// All of them are return addresses. What comes before the panic belongs to
  /// it if it tells where threads wait, each named in the line above.
  public var origins: [(title: String, addresses: [UInt64])] {
    let lines = kernelLines
    guard let panic = lines.firstIndex(where: { $0.hasPrefix("panic: ") })
    else { return [] }
    let end = lines[panic...].firstIndex(of: "backtrace:") ?? lines.endIndex
    return lines[..<end].indices.compactMap { index in
      guard let title = Self.title(at: index, of: lines),
        index > panic || title.hasSuffix(Self.waitsAt)
      else { return nil }
      let addresses = Self.addresses(lines[(index + 1)...])
      return addresses.isEmpty ? nil : (title, addresses)
    }
  }

  private static let waitsAt = "waits at"

  /// What the list below a line is called.
  private static func title(at index: Int, of lines: [String]) -> String? {
    let line = lines[index]
    guard line.hasSuffix(":"), !line.hasPrefix(" ") else { return nil }
    let words = String(line.dropLast())
    guard words == waitsAt, index > 0,
      let thread = lines[index - 1].firstMatch(of: /thread \d+ "[^"]*"/)
    else { return words }
    return "\(thread.output) \(words)"
  }

  /// The addresses in the lines `  #0 0x…` that come first.
  private static func addresses(_ lines: ArraySlice<String>) -> [UInt64] {
    lines.prefix { $0.hasPrefix("  #") }.compactMap { line in
      line.split(separator: " ").last
        .flatMap { UInt64($0.dropFirst(2), radix: 16) }
    }
  }
}
