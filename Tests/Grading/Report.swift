// SPDX-License-Identifier: BSD-3-Clause

import Console

/// What one check finds out. The first expectation that does not hold is
/// explained, and fails the check.
public struct Report {
  private let grader: Grader
  private let number: Int
  private let name: StaticString
  private var isRandom = false

  /// Whether an expectation did not hold.
  public private(set) var hasFailed = false

  init(_ grader: Grader, number: Int, name: StaticString) {
    self.grader = grader
    self.number = number
    self.name = name
  }

  /// Numbers for random inputs. A failure names their seed.
  public mutating func random() -> SeededRandom {
    isRandom = true
    return SeededRandom(seed: grader.seed)
  }

  /// Fails the check unless `condition` holds.
  ///
  /// - Parameters:
  ///   - condition: What must be true.
  ///   - given: What the exercise was asked to do.
  ///   - expected: What it should have done.
  ///   - got: What it did.
  /// - Returns: Whether the condition holds, so that a loop can stop.
  @discardableResult
  public mutating func expect(
    _ condition: Bool, given: @autoclosure () -> Message,
    expected: @autoclosure () -> Message, got: @autoclosure () -> Message
  ) -> Bool {
    guard !condition, !hasFailed else { return condition }
    hasFailed = true
    line("[grade] \(grader.exercise) check \(number) fail \(name)")
    line("  file      \(grader.file)")
    explain("  given     ", given)
    explain("  expected  ", expected)
    explain("  got       ", got)
    if isRandom { line("  seed      \(grader.seed)") }
    line("  next      make hint EX=\(grader.exercise)")
    return false
  }

  /// Fails the check unless `got` is the text `expected`.
  @discardableResult
  public mutating func expect(
    _ got: CapturedText, is expected: StaticString,
    given: @autoclosure () -> Message
  ) -> Bool {
    var text = CapturedText()
    text.write(expected)
    return expect(
      got == text, given: given(), expected: "\(text)", got: "\(got)")
  }

  /// Fails the check unless `got` is the number `expected`.
  @discardableResult
  public mutating func expect(
    _ got: UInt64, is expected: UInt64, given: @autoclosure () -> Message
  ) -> Bool {
    expect(
      got == expected, given: given(), expected: "\(expected)", got: "\(got)")
  }

  private func explain(_ title: StaticString, _ message: () -> Message) {
    put("\(title)")
    line(message())
  }
}
