// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner

/// Why a program on this machine stopped before its last check.
enum HostEnd {
  static let early = "The program ended before its last check."

  /// The reason in words, and what Swift itself said.
  static func words(for answer: Answer) -> [String] {
    let swift = answer.complaint.split(separator: "\n")
      .filter { $0.contains("atal error: ") }.prefix(1)
      .map { String($0.prefix(300)) }
    return [reason(answer)] + swift
  }

  private static func reason(_ answer: Answer) -> String {
    if answer.isTooLong {
      return "It printed more than \(answer.output.count / 1024) KiB: a loop "
        + "without end that prints?"
    }
    guard !answer.isTooLate else {
      return "It did not come to an end: an endless loop?"
    }
    guard case .signal(let number) = answer.ending else { return early }
    switch Int32(number) {
    case SIGILL, SIGTRAP:
      return "Swift stopped it: an index, a number or an unwrapped value was "
        + "outside its range."
    case SIGSEGV, SIGBUS:
      return "It used an address where nothing is: a wild pointer, or a stack "
        + "overflow by calls without end."
    default: return "It was ended by the signal \(number)."
    }
  }
}
