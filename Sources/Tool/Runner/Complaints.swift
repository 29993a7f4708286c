// SPDX-License-Identifier: BSD-3-Clause

import Dispatch
import Foundation

/// What a program has complained about so far. Its end and its last words come
/// through different threads: after the end, words may still be on their way.
package struct Complaints {
  private var data = Data()
  private var isWhole = false

  /// Nothing yet.
  package init() {}

  /// As far as they have come.
  package var text: String { String(decoding: data, as: UTF8.self) }

  /// Adds what an event brings: nothing, when the program can complain no more.
  package mutating func add(_ more: Data) {
    data += more
    if more.isEmpty { isWhole = true }
  }

  /// All of them, once the program has ended. Waits for what is on its way, and
  /// 10 s at most: a program that it has started itself may hold the pipe.
  package mutating func lastWords(from queue: EventQueue) -> String {
    let deadline = DispatchTime.now() + 10
    while !isWhole, let event = queue.next(before: deadline) {
      if case .complaint(let more) = event { add(more) }
    }
    return text
  }
}
