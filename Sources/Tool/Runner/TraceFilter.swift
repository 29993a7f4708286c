// SPDX-License-Identifier: BSD-3-Clause

import Foundation

/// Takes the lines of a trace out of what is shown. A line is held back only as
/// long as it may still become one.
package struct TraceFilter {
  /// Every line of a trace starts so, and no other that a program prints.
  package static let lineStart = "trace "

  private static let mark = Data(lineStart.utf8)

  /// The start of a line, while it is the start of the mark too.
  private var held = Data()
  private var isHidden = false
  private var isInside = false

  /// - Parameter data: What was printed next.
  /// - Returns: What of it, and of what was held back, is to be shown.
  mutating func shown(of data: Data) -> Data {
    var shown = Data()
    for byte in data { take(byte, showing: &shown) }
    return shown
  }

  /// What is still held back when nothing more comes.
  mutating func rest() -> Data {
    defer { held = Data() }
    return held
  }

  private mutating func take(_ byte: UInt8, showing shown: inout Data) {
    let isEnd = byte == UInt8(ascii: "\n")
    defer {
      if isEnd { (isHidden, isInside) = (false, false) }
    }
    guard !isHidden else { return }
    guard !isInside else {
      shown.append(byte)
      return
    }
    held.append(byte)
    guard Self.mark.starts(with: held) else {
      isInside = true
      shown += rest()
      return
    }
    guard held.count == Self.mark.count else { return }
    held = Data()
    isHidden = true
  }
}
