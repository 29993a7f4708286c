// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// The lines in which a program tells, at its end, what its scheduler did.
///
///     trace frequency 10000000
///     trace 0 1234 begin round robin
///     trace 0 1240 spawn 1 10 worker A
///     …
///     trace complete
///
/// Whatever the lines are, reading them succeeds: what is unknown or damaged is
/// counted.
struct TraceText {
  private static let mark = TraceFilter.lineStart

  /// How many of the damaged lines are kept, to be shown.
  private static let mostShown = 3
  /// Between one tick in a second and one in a picosecond.
  private static let frequencies: ClosedRange<UInt64> = 1...1_000_000_000_000

  /// Ticks in a second.
  private(set) var frequency: UInt64?
  /// In the order of time; events of one tick in the order of the lines.
  private(set) var events: [TraceEvent] = []
  /// Events that did not fit into the program's buffer.
  private(set) var lost = 0
  /// Whether the last line is there.
  private(set) var isComplete = false
  /// How many lines could not be read.
  private(set) var damaged = 0
  /// The first of them.
  private(set) var damagedLines: [String] = []
  /// Whether the lines tell of nothing: there are none, or only the first one,
  /// of a program that could have started a scheduler.
  var isEmpty: Bool { events.isEmpty && damaged == 0 && lost == 0 }

  /// - Parameter lines: What the program printed; other lines are skipped.
  init(_ lines: [String]) {
    for line in lines where line.hasPrefix(Self.mark) {
      if !read(line.dropFirst(Self.mark.count)) { note(damage: line) }
    }
    // Each hart may have kept a buffer of its own.
    events = events.enumerated()
      .sorted { ($0.element.ticks, $0.offset) < ($1.element.ticks, $1.offset) }
      .map(\.element)
  }

  private mutating func read(_ text: Substring) -> Bool {
    if text == "complete" {
      isComplete = true
      return true
    }
    if let event = TraceEvent(text) {
      events.append(event)
      return true
    }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, let number = UInt64(words[1]) else { return false }
    switch words[0] {
    case "frequency" where Self.frequencies.contains(number):
      frequency = number
    case "lost" where number <= TraceEvent.mostTicks:
      lost = max(lost, Int(number))
    default: return false
    }
    return true
  }

  private mutating func note(damage line: String) {
    damaged += 1
    guard damagedLines.count < Self.mostShown else { return }
    damagedLines.append(line.count > 70 ? line.prefix(69) + "…" : line)
  }
}
