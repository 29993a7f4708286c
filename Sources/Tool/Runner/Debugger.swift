// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation

/// Halts a machine before its first instruction and attaches gdb.
///
///     keyboard ◀──▶ gdb ◀── socket ──▶ QEMU ──▶ screen
public struct Debugger {
  private let toolbox: Toolbox
  private let machine: Machine
  private let folder: URL

  /// - Parameters:
  ///   - machine: What to boot.
  ///   - toolbox: Finds QEMU and gdb.
  ///   - folder: For files that last as long as the build.
  public init(_ machine: Machine, with toolbox: Toolbox, folder: URL) {
    self.machine = machine
    self.toolbox = toolbox
    self.folder = folder
  }

  /// Stays until gdb ends.
  ///
  /// - Parameters:
  ///   - batch: Commands for gdb, which then ends; none to read them from the
  ///     keyboard.
  ///   - screen: Shows what the program prints.
  /// - Returns: The status with which gdb ended.
  /// - Throws: ``Diagnosis``, ``Failure`` or ``Interrupted``.
  public func debug(batch: [String], screen: Screen) throws -> Int {
    let emulator = try toolbox.require(.qemu)
    let debugger = try toolbox.require(.debugger)
    let files = try DebuggerFiles(
      for: machine.image, in: folder, with: toolbox)
    defer { files.removeSocket() }
    var machine = machine
    machine.debuggerSocket = files.socket
    let queue = EventQueue()
    let interruption = Interruption(reportingTo: queue)
    defer { withExtendedLifetime(interruption) {} }
    var session = DebuggerSession(
      emulator: try Child(
        Command(emulator, machine.commandLine), reportingTo: queue),
      queue: queue, screen: screen)
    try session.waitUntilReady()
    let terminal = try ForegroundProcess(
      Command(debugger, files.arguments(batch: batch)), reportingTo: queue)
    return try session.relay(until: terminal)
  }
}

/// The loop while gdb runs.
private struct DebuggerSession {
  let emulator: Child
  let queue: EventQueue
  var screen: Screen
  private var transcript = Transcript()

  init(emulator: Child, queue: EventQueue, screen: Screen) {
    self.emulator = emulator
    self.queue = queue
    self.screen = screen
  }

  /// QEMU's monitor answers once the socket for gdb is there.
  func waitUntilReady() throws {
    emulator.type(Data("\u{1}c".utf8))
    var (answer, complaints) = (Data(), Complaints())
    let deadline = DispatchTime.now() + 60
    while answer.range(of: Data("(qemu) ".utf8)) == nil {
      switch queue.next(before: deadline) {
      case .output(let data): answer += data
      case .complaint(let data): complaints.add(data)
      case .interrupted(let signal):
        emulator.end()
        throw Interrupted(signal: signal)
      case .typed: break
      case .ended, nil:
        emulator.kill()
        throw Diagnosis.emulatorRefused(
          words: complaints.lastWords(from: queue))
      }
    }
    emulator.type(Data("\u{1}c".utf8))
  }

  /// Shows what the program prints until gdb ends, and then ends QEMU. The
  /// program's own end only disconnects gdb.
  mutating func relay(until terminal: ForegroundProcess) throws -> Int {
    defer {
      emulator.kill()
      terminal.finish()
    }
    while let event = queue.next() {
      if case .output(let data) = event, !data.isEmpty {
        transcript.append(data)
        _ = screen.show(data, of: transcript)
      }
      if case .interrupted(let signal) = event, signal != SIGINT {
        terminal.end()
        throw Interrupted(signal: signal)
      }
      if let status = terminal.status { return status }
    }
    return 1
  }
}
