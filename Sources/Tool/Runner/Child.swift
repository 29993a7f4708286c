// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// A program that the tool has started, and must end.
package struct Child {
  private let process: Process
  private let input: FileHandle

  /// Starts a program in a process group of its own.
  ///
  /// - Parameters:
  ///   - command: What to start.
  ///   - queue: Where its output and its end are reported.
  /// - Throws: What the system says if it cannot start.
  package init(_ command: Command, reportingTo queue: EventQueue) throws {
    let (input, output, complaints) = (Pipe(), Pipe(), Pipe())
    process = command.process()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = complaints
    process.terminationHandler = { process in
      queue.send(.ended(process.ending))
    }
    try process.run()
    self.input = input.fileHandleForWriting
    queue.relay(output.fileHandleForReading, thenClosing: true) {
      .output($0)
    }
    queue.relay(complaints.fileHandleForReading, thenClosing: true) {
      .complaint($0)
    }
  }

  /// Sends what it reads; a program that has ended no longer minds.
  package func type(_ data: Data) {
    try? input.write(contentsOf: data)
  }

  /// The number by which the system knows it.
  package var processIdentifier: Int32 { process.processIdentifier }

  /// Ends what it reads.
  package func closeInput() {
    try? input.close()
  }

  /// Asks the program, and what it has started itself, to end.
  package func end() { signalGroup(SIGTERM) }

  /// Ends them without asking.
  package func kill() { signalGroup(SIGKILL) }

  private func signalGroup(_ number: Int32) {
    guard process.isRunning else { return }
    // Not yet a group of its own? Then at least the program itself.
    guard Foundation.kill(-process.processIdentifier, number) != 0 else {
      return
    }
    _ = Foundation.kill(process.processIdentifier, number)
  }
}

extension Process {
  package var ending: Ending {
    terminationReason == .exit
      ? .status(Int(terminationStatus)) : .signal(Int(terminationStatus))
  }
}
