// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation

/// As long as one lives, Ctrl-C and its kin do not end the tool at once but
/// arrive as events, so that nothing that the tool started is left behind.
final class Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  private let sources: [any DispatchSourceSignal]

  /// Starts to watch; the events go to the queue.
  init(reportingTo queue: EventQueue) {
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global())
      source.setEventHandler { @Sendable in
        queue.send(.interrupted(by: number))
      }
      source.resume()
      return source
    }
    // A closed pipe is reported by the write that fails.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    for source in sources { source.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
  }
}

/// The tool was asked to stop, and has ended what it had started.
public struct Interrupted: Error, Equatable {
  /// The number of the signal.
  public let signal: Int32

  /// What a shell reports for a program that such a signal ended.
  public var status: Int32 { 128 + signal }
}
