// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Why a run is not what it should be: one case for each thing that goes
/// wrong differently, and is put right differently.
public enum Diagnosis: Error, Equatable, Sendable {
  /// A program that the course needs is not installed.
  case toolMissing(Tool)
  /// It is installed, but too old.
  case toolTooOld(Tool, found: ToolVersion, needed: ToolVersion)
  /// The compiler or the linker refused the program.
  case buildFailed(String, words: String)
  /// There is no image to boot.
  case imageMissing(URL)
  /// QEMU ended before the machine started.
  case emulatorRefused(words: String)
  /// QEMU itself crashed.
  case emulatorCrashed(signal: Int, words: String)
  /// What the machine, or a build, writes has no room on this computer.
  case hostIsFull(String)
  /// Not even the firmware printed anything.
  case firmwareSilent(seconds: Double)
  /// The firmware handed over, and nothing came after it. Without an end, the
  /// hart was still at work, there.
  case kernelSilent(status: Int?, place: [Call])
  /// The kernel gave up, and said more about it.
  case panic(
    String, explanation: [String] = [], calls: [Call], origins: [Origin] = [])
  /// The firmware began a second time.
  case rebootLoop
  /// The program printed without end.
  case flood(bytes: Int)
  /// The program did not end in time.
  case timeOut(seconds: Double, place: [Call])
  /// It ended, but printed something else.
  case wrongOutput(LineDifference)
  /// It ended with another status.
  case wrongStatus(Int, expected: Int)
}

extension Diagnosis {
  /// What happened, in one line.
  public var statement: String {
    switch self {
    case .toolMissing(let tool): "\(tool.rawValue) is not installed."
    case .toolTooOld(let tool, let found, let needed):
      "\(tool.rawValue) is too old: \(found), where \(needed) is needed."
    case .buildFailed(let name, _): "\(name) does not compile."
    case .imageMissing(let path): "There is no image at \(path.path)."
    case .emulatorRefused: "QEMU refused to start."
    case .emulatorCrashed(let signal, _):
      "QEMU itself crashed (signal \(signal))."
    case .hostIsFull(let path):
      "The disk of this computer is full: no more could be written to \(path)."
    case .firmwareSilent(let seconds):
      "The firmware printed nothing\(Self.time(seconds))."
    case .kernelSilent(let status?, _):
      "The kernel ended with status \(status) and printed nothing."
    case .kernelSilent(nil, _):
      "The firmware handed over, and the kernel printed nothing."
    case .panic(let message, _, _, _): "The kernel panicked: \(message)"
    case .rebootLoop: "The machine started again: the kernel reboots."
    case .flood(let bytes):
      "The program printed more than \(bytes / 1024) KiB and was ended."
    case .timeOut(let seconds, _):
      "The program did not end\(Self.time(seconds))."
    case .wrongOutput: "The program printed something else than expected."
    case .wrongStatus(let status, let expected):
      "The program ended with status \(status), expected \(expected)."
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .toolMissing, .toolTooOld: toolAdvice
    case .buildFailed(_, let words): BuildAdvice.next(after: words)
    case .imageMissing:
      "Build it again: make clean, then the same command."
    case .hostIsFull:
      "Make room: `make clean` removes what builds have made, and `df` shows "
        + "which disk is full; a quota or `ulimit -f` may be the limit as well."
    case .emulatorCrashed(signal: Int(SIGXFSZ), _):
      "A file may not grow so large here: ulimit -f unlimited"
    case .emulatorRefused(let words) where words.contains("\" lock"):
      "Another machine still has the disk: end that one first."
    case .emulatorRefused, .emulatorCrashed, .firmwareSilent:
      "`make doctor` boots the firmware alone and says whether QEMU works."
    case .kernelSilent(_, let place): silenceAdvice(place)
    case .panic:
      "Start at the innermost line of your own code. "
        + "`make debug-chN` stops there: break main.swift:LINE, continue."
    case .rebootLoop:
      "Look for a reset in the program, or for a trap before the trap vector "
        + "is set. `make debug-chN` follows it from the first instruction."
    case .flood:
      "Look for a loop that prints and cannot end; the log has its beginning."
    case .timeOut:
      "Look for a loop that cannot end, or an event that never comes. "
        + "If it only needs longer: TIMEOUT=seconds, or 0 for no limit."
    case .wrongOutput:
      "Find out which side is right, at the arrow first."
    case .wrongStatus:
      "Look for the `exit` that ran; a program that returns ends with 0."
    }
  }

  private var toolAdvice: String {
    switch self {
    case .toolMissing(.swift), .toolTooOld(.swift, _, _):
      "Install Swift 6.3 or later from https://www.swift.org/install/ "
        + "and open a new terminal."
    case .toolMissing(let tool) where tool.comesWithSwift:
      "It comes with Swift from swift.org, which a distribution's package "
        + "may lack: https://www.swift.org/install/"
    case .toolMissing(.python): "`make book`, which needs it, installs it."
    case .toolTooOld(let tool, _, _):
      "Install a newer \(tool.rawValue): Debian 12 and Ubuntu 24.04 have one."
    default: "`make setup` installs it."
    }
  }

  private func silenceAdvice(_ place: [Call]) -> String {
    place.isEmpty
      ? "The first bytes of the image must be the entry code. "
        + "`make debug-chN` shows where they lead."
      : "The hart was at work, as listed above. `make debug-chN` shows more."
  }

  private static func time(_ seconds: Double) -> String {
    seconds > 0 ? " within \(seconds.formatted()) s" : ""
  }
}

extension Diagnosis {
  /// Lines with an empty one behind them; nothing for nothing.
  private static func paragraph(_ lines: [String]?) -> [String] {
    guard let lines, !lines.isEmpty else { return [] }
    return lines + [""]
  }

  /// What there is to show beside the statement, line by line.
  ///
  /// - Parameter root: Files below it are named from there.
  /// - Returns: Often nothing.
  public func details(root: URL) -> [String] {
    switch self {
    case .buildFailed(_, let words), .emulatorRefused(let words),
      .emulatorCrashed(_, let words):
      Transcript.lines(of: words)
    case .panic(_, let explanation, let calls, let origins):
      Self.paragraph(explanation)
        + Self.paragraph(Call.cause(of: calls).map { ["Swift says: \($0)"] })
        + Call.lines(calls, root: root)
        + origins.flatMap { ["", $0.title + ":"] + $0.lines(root: root) }
    case .kernelSilent(_, let calls), .timeOut(_, let calls):
      calls.isEmpty
        ? [] : ["The hart was here:"] + Call.lines(calls, root: root)
    case .wrongOutput(let difference): difference.lines
    default: []
    }
  }
}
