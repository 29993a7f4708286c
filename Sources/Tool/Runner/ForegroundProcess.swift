// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Synchronization

/// A program that has the terminal to itself as long as it runs, Ctrl-C
/// included, as a shell arranges it for what one starts from it.
final class ForegroundProcess: Sendable {
  private let process: Process
  private let ending = Ended()

  init(_ command: Command, reportingTo queue: EventQueue) throws {
    process = command.process()
    let ending = ending
    process.terminationHandler = { process in
      ending.status.withLock { $0 = Int(process.terminationStatus) }
      queue.send(.typed(Data()))
    }
    // A program in the background may otherwise not hand on the terminal.
    signal(SIGTTOU, SIG_IGN)
    try process.run()
    guard isatty(STDIN_FILENO) == 1 else { return }
    tcsetpgrp(STDIN_FILENO, process.processIdentifier)
    // It may have touched the terminal too early, and been halted for it.
    kill(-process.processIdentifier, SIGCONT)
  }

  /// Nil as long as it runs.
  var status: Int? { ending.status.withLock(\.self) }

  func end() {
    if process.isRunning { process.terminate() }
  }

  /// Takes the terminal back.
  func finish() {
    if isatty(STDIN_FILENO) == 1 { tcsetpgrp(STDIN_FILENO, getpgrp()) }
  }

  private final class Ended: Sendable {
    let status = Mutex<Int?>(nil)
  }
}
