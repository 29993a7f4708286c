// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation

/// A program and its arguments.
package struct Command: Sendable {
  package let tool: URL
  package let arguments: [String]
  package var environment: [String: String] = [:]
  /// Variables that are not handed on.
  package var withheld: Set<String> = []
  package var folder: URL?

  package init(_ tool: URL, _ arguments: [String]) {
    self.tool = tool
    self.arguments = arguments
  }

  /// As one would type it.
  package var line: String {
    ([tool.path] + arguments)
      .map { $0.contains(where: " \"'$\\".contains) ? "'\($0)'" : $0 }
      .joined(separator: " ")
  }

  package func process() -> Process {
    let process = Process()
    process.executableURL = tool
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .filter { !withheld.contains($0.key) }
      .merging(environment) { $1 }
    process.currentDirectoryURL = folder
    return process
  }
}

/// What a program left behind.
package struct Answer {
  package var output = Data()
  package var complaints = Data()
  package var ending: Ending?
  /// Whether it had to be ended because of the time.
  package var isTooLate = false
  /// Whether it had to be ended because it printed without end.
  package var isTooLong = false
  /// How many of its two outputs it has not closed yet.
  fileprivate var open = 2

  package var text: String { String(decoding: output, as: UTF8.self) }
  package var complaint: String { String(decoding: complaints, as: UTF8.self) }
  package var succeeded: Bool { ending == .status(0) }
}

extension Command {
  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - input: What it reads.
  ///   - seconds: After this time it is ended.
  ///   - most: After so many bytes on either output it is ended, and the
  ///     first of them are kept.
  /// - Returns: What it printed, and how it ended.
  /// - Throws: ``Interrupted``, or what the system says if it cannot start.
  package func run(
    input: String = "", within seconds: Double? = nil, printing most: Int = .max
  ) throws -> Answer {
    let queue = EventQueue()
    let interruption = Interruption(reportingTo: queue)
    defer { withExtendedLifetime(interruption) {} }
    let child = try Child(self, reportingTo: queue)
    child.type(Data(input.utf8))
    child.closeInput()
    return try collect(
      from: queue, child, until: seconds.map { .now() + $0 } ?? .distantFuture,
      most)
  }

  private func collect(
    from queue: EventQueue, _ child: Child, until limit: DispatchTime,
    _ most: Int
  ) throws -> Answer {
    var answer = Answer()
    var deadline = limit
    while answer.open > 0 || answer.ending == nil {
      guard let event = queue.next(before: deadline) else {
        // What still holds the pipes is not the program itself.
        if answer.ending != nil { break }
        answer.isTooLate = true
        deadline = .distantFuture
        child.kill()
        continue
      }
      if case .interrupted(let signal) = event {
        child.end()
        throw Interrupted(signal: signal)
      }
      answer.add(event, keeping: most)
      if answer.isTooLong, answer.ending == nil { child.kill() }
      if answer.ending != nil { deadline = .now() + 10 }
    }
    return answer
  }
}

extension Answer {
  fileprivate mutating func add(_ event: Event, keeping most: Int) {
    switch event {
    case .output(let data):
      output += data.prefix(most - output.count)
      isTooLong = isTooLong || output.count >= most
      open -= data.isEmpty ? 1 : 0
    case .complaint(let data):
      complaints += data.prefix(most - complaints.count)
      isTooLong = isTooLong || complaints.count >= most
      open -= data.isEmpty ? 1 : 0
    case .ended(let ending): self.ending = ending
    case .typed, .interrupted: break
    }
  }
}
