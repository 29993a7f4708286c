// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// What QEMU tells of errors on this computer, beside what it tells the guest.
///
/// A guest only learns that a sector could not be written; that the computer's
/// own disk is full, QEMU says in an event of its machine protocol (QEMU's
/// manual, "QMP", `BLOCK_IO_ERROR`). It comes through a pair of named pipes:
///
///     FOLDER/X.in    the greeting, without which no event comes ──▶ QEMU
///     FOLDER/X.out   events ◀── QEMU
///
/// Both are held open here, so that nothing waits for a reader or a writer, and
/// what was reported is there after QEMU has ended.
final class HostReports {
  private let path: String
  private let input: Int32
  private let output: Int32

  /// Nil where no such pipes can be made: on a file system of another kind, or
  /// on a disk that has no room for a name.
  ///
  /// - Parameter path: Where to make them, less `.in` and `.out`.
  init?(at path: String) {
    self.path = path
    (input, output) = (Self.pipe("\(path).in"), Self.pipe("\(path).out"))
    guard input >= 0, output >= 0 else { return nil }
    let greeting = Data(#"{"execute":"qmp_capabilities"}"#.utf8)
    guard Output(input).write(greeting) else { return nil }
  }

  deinit {
    for file in [input, output] where file >= 0 { close(file) }
    for end in ["in", "out"] {
      try? FileManager.default.removeItem(atPath: "\(path).\(end)")
    }
  }

  /// A named pipe, opened so that nothing waits, or -1.
  private static func pipe(_ path: String) -> Int32 {
    guard unsafe mkfifo(path, 0o600) == 0 else { return -1 }
    return unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
  }

  /// The arguments with which QEMU reports.
  var commandLine: [String] {
    let name = path.replacing(",", with: ",,")
    return [
      "-chardev", "pipe,id=reports,path=\(name)",
      "-mon", "chardev=reports,mode=control",
    ]
  }

  /// The ids of the disks that this computer had no room for, as far as QEMU
  /// has reported them; each report is told once.
  func fullDisks() -> [String] {
    var text = Data()
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe read(output, &bytes, bytes.count), count > 0 {
      text += bytes[..<count]
    }
    return Self.fullDisks(in: String(decoding: text, as: UTF8.self))
  }

  /// One event a line.
  static func fullDisks(in text: String) -> [String] {
    struct Report: Decodable {
      struct Facts: Decodable {
        let device: String
        let nospace: Bool?
        let reason: String?
      }
      let event: String
      let data: Facts
    }
    // The last two: a quota, and `ulimit -f`.
    let reasons = [ENOSPC, EDQUOT, EFBIG].map(StandardFile.words)
    return text.split(whereSeparator: \.isNewline).compactMap { line in
      let report = try? JSONDecoder().decode(
        Report.self, from: Data(line.utf8))
      guard let report, report.event == "BLOCK_IO_ERROR",
        report.data.nospace == true
          || reasons.contains(report.data.reason ?? "")
      else { return nil }
      return report.data.device
    }
  }
}
