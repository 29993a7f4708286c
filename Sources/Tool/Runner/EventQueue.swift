// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation
import Synchronization

/// Something that happened while a program ran.
package enum Event: Sendable {
  /// The program printed this; empty when it has closed its output.
  case output(Data)
  /// The program complained; empty when it can no longer.
  case complaint(Data)
  /// The user typed this; empty at the end of the input.
  case typed(Data)
  /// The program ended.
  case ended(Ending)
  /// The user asks the tool to stop: Ctrl-C, or a signal's number.
  case interrupted(by: Int32)
}

/// How a program ended.
public enum Ending: Equatable, Sendable {
  /// By itself, with this status.
  case status(Int)
  /// By a signal of this number.
  case signal(Int)
}

/// Where everything that can happen arrives, to be handled in one place.
///
///     its output ─────┐
///     its complaints ─┤
///     the keyboard ───┼──▶ queue ──▶ one loop
///     its end ────────┤
///     Ctrl-C ─────────┘
package final class EventQueue: Sendable {
  /// Those before `taken` were handed out already.
  private struct Line {
    var events: [Event] = []
    var taken = 0

    mutating func removeFirst() -> Event {
      defer {
        taken += 1
        if taken == events.count { (events, taken) = ([], 0) }
      }
      return events[taken]
    }
  }

  private let line = Mutex(Line())
  private let count = DispatchSemaphore(value: 0)

  /// Nothing has happened yet.
  package init() {}

  /// Adds an event; may be called from any thread.
  package func send(_ event: Event) {
    line.withLock { $0.events.append(event) }
    count.signal()
  }

  /// The oldest event, or nil when none arrives in time; nil as well once it is
  /// too late, for a program that prints without end leaves some for ever.
  package func next(before deadline: DispatchTime = .distantFuture) -> Event? {
    guard DispatchTime.now() < deadline,
      count.wait(timeout: deadline) == .success
    else { return nil }
    return line.withLock { $0.removeFirst() }
  }

  /// Sends what can be read from a file, until its end, from a thread of its
  /// own.
  ///
  /// - Parameters:
  ///   - file: What is read.
  ///   - closes: Whether to close it then: `Process` keeps its pipes open for
  ///     ever, and a process may only have so many files.
  ///   - event: What becomes of what was read.
  package func relay(
    _ file: FileHandle, thenClosing closes: Bool = false,
    as event: @escaping @Sendable (Data) -> Event
  ) {
    Thread.detachNewThread { [self] in
      while true {
        // What cannot be read has come to its end.
        let data =
          (try? StandardFile.available(in: file.fileDescriptor)) ?? Data()
        if data.isEmpty, closes { try? file.close() }
        send(event(data))
        if data.isEmpty { return }
      }
    }
  }
}
