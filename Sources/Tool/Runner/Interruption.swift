// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation
import Synchronization

/// As long as one lives, Ctrl-C and its kin do not end the tool at once but
/// arrive as events, so that nothing that the tool started is left behind.
package final class Interruption {
  private let queue: EventQueue

  /// Starts to watch; the events go to the queue.
  package init(reportingTo queue: EventQueue) {
    self.queue = queue
    SignalWatch.shared.listeners.withLock { $0.append(queue) }
  }

  deinit {
    SignalWatch.shared.listeners.withLock { listeners in
      listeners.removeAll { $0 === queue }
    }
  }
}

/// The tool was asked to stop, and has ended what it had started.
public struct Interrupted: Error, Equatable {
  /// The number of the signal.
  public let signal: Int32

  package init(signal: Int32) { self.signal = signal }

  /// What a shell reports for a program that such a signal ended.
  public var status: Int32 { 128 + signal }
}

/// Watches for as long as the tool runs: Dispatch lets go of a signal at a
/// moment of its own choice, which may be after another program has taken it.
// Nothing but the listeners changes, and they stand behind a lock.
private final class SignalWatch: @unchecked Sendable {
  static let shared = SignalWatch()

  let listeners = Mutex<[EventQueue]>([])
  private var sources: [any DispatchSourceSignal] = []

  private init() {
    // Without a handler, but not ignored: what the tool starts would inherit
    // that. A closed pipe is reported by the write that fails.
    signal(SIGPIPE) { _ in }
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number) { _ in }
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global())
      source.setEventHandler { @Sendable in Self.shared.tell(number) }
      source.resume()
      return source
    }
  }

  private func tell(_ number: Int32) {
    let queues = listeners.withLock(\.self)
    guard !queues.isEmpty else { exit(128 + number) }
    for queue in queues { queue.send(.interrupted(by: number)) }
  }
}
