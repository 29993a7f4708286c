// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// Something that a scheduler did, as the traced program has noted it.
struct TraceEvent: Equatable {
  /// What happened. Threads are told apart by their numbers, from 1.
  enum Action: Equatable {
    /// A scheduler takes over.
    case begin(policy: String)
    case spawn(thread: Int, priority: Int, name: String)
    /// From now on the hart runs this thread, or is idle.
    case run(thread: Int?)
    /// What it was waiting for has come.
    case wake(thread: Int)
    /// It waits for something: `sleep`, `mutex`.
    case block(thread: Int, reason: String)
    /// It could go on, but another thread does.
    case preempt(thread: Int)
    case exit(thread: Int)
    case interrupt(Interrupt)
    /// The scheduler is done.
    case end
  }

  enum Interrupt: String, CaseIterable {
    case timer, external, software
  }

  let hart: Int
  /// Read from the hart's clock.
  let ticks: UInt64
  let action: Action
}

extension TraceEvent {
  /// More than any board or program has; greater numbers are damage.
  static let mostHarts = 4096
  static let mostThreads = 1_000_000
  /// Most of a year at 10 MHz; the sum over all harts is still a number.
  static let mostTicks: UInt64 = 1 << 48

  /// Reads what stands behind the word `trace`; nil if that is no event.
  ///
  /// - Parameter text: `0 1234 spawn 3 10 the name`.
  init?(_ text: Substring) {
    var words = TraceWords(text)
    guard let hart = words.number(in: 0..<Self.mostHarts),
      let ticks = words.ticks(), let action = Self.action(&words)
    else { return nil }
    self.init(hart: hart, ticks: ticks, action: action)
  }

  private static func action(_ words: inout TraceWords) -> Action? {
    guard let verb = words.next() else { return nil }
    switch verb {
    case "begin": return .begin(policy: words.rest)
    case "end": return words.isAtEnd ? .end : nil
    case "interrupt":
      return Interrupt(rawValue: words.rest).map { .interrupt($0) }
    default: break
    }
    guard let thread = words.number(in: 0..<mostThreads) else { return nil }
    guard thread > 0 else {
      return verb == "run" && words.isAtEnd ? .run(thread: nil) : nil
    }
    return action(verb, thread, &words)
  }

  private static func action(
    _ verb: Substring, _ thread: Int, _ words: inout TraceWords
  ) -> Action? {
    switch verb {
    case "spawn":
      guard let priority = words.number(in: -mostThreads..<mostThreads) else {
        return nil
      }
      return .spawn(thread: thread, priority: priority, name: words.rest)
    case "block": return .block(thread: thread, reason: words.rest)
    case "run" where words.isAtEnd: return .run(thread: thread)
    case "wake" where words.isAtEnd: return .wake(thread: thread)
    case "preempt" where words.isAtEnd: return .preempt(thread: thread)
    case "exit" where words.isAtEnd: return .exit(thread: thread)
    default: return nil
    }
  }
}

/// Words with single spaces between them, taken from the front.
private struct TraceWords {
  private var text: Substring

  init(_ text: Substring) { self.text = text }

  var isAtEnd: Bool { text.isEmpty }
  var rest: String { String(text) }

  mutating func next() -> Substring? {
    guard !text.isEmpty else { return nil }
    let word = text.prefix { $0 != " " }
    text = text.dropFirst(word.count + 1)
    return word
  }

  /// Only digits, perhaps after a minus.
  mutating func number(in range: Range<Int>) -> Int? {
    guard let word = next(), !word.hasPrefix("+"), let number = Int(word),
      range.contains(number)
    else { return nil }
    return number
  }

  mutating func ticks() -> UInt64? {
    guard let word = next(), !word.hasPrefix("+"), let ticks = UInt64(word),
      ticks <= TraceEvent.mostTicks
    else { return nil }
    return ticks
  }
}
