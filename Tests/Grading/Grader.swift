// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

/// Runs the checks of one exercise and reports each of them on the console.
///
/// The same checks are compiled for the host and for the board, where there
/// is no heap yet. These are the arguments:
///
///     [keyed] [from=<number>] [seed=<number>]    runs them
///     list                                       names them, runs none
///
/// With `keyed`, the program first reads a line with a key of 32 hexadecimal
/// digits, from the standard input or the console. With `from`, the checks
/// before this number are left out: they have run before.
///
/// What it prints is read by the grader; these are its lines, and everything
/// else on the console is the exercise's own or an explanation:
///
///     [grade] 1.2 begin 4 <digest of "1.2/begin/4">
///     [grade] 1.2 check 1 try <name>
///     [grade] 1.2 check 1 pass <digest of "1.2/1/<name>"> <name>
///     [grade] 1.2 check 2 try <name>
///     [grade] 1.2 check 2 fail <name>
///       given     what the exercise was asked to do
///       expected  …
///       got       …
///     [grade] 1.2 end <digest of "1.2/end">
///     [grade] 1.2 todo                 from `todo`, which ends the program
///     [grade] 1.2 list 1 <name>        in the answer to `list`
///
/// A check that is worth more than one has several numbers: it is tried, or
/// fails, under the first, and passes under each of them.
///
/// A digest is `SipHash` under the key, in 16 hexadecimal digits. The grader
/// computes it, too, and believes nothing else: a program that prints "pass"
/// by itself has not got the digest. A line may follow what the exercise has
/// printed without ending its line. After a `try` without an answer, the
/// exercise has trapped, hung, or ended the program.
public struct Grader {
  enum Mode { case waiting, counting, listing, running }

  private let key: GradingKey?
  private let isListing: Bool
  private let first: Int
  private var mode = Mode.waiting
  private var number = 0
  private(set) var exercise: StaticString = ""
  private(set) var file: StaticString = ""
  let seed: UInt64

  /// A grader that does what the program's arguments ask for.
  ///
  /// - Parameters:
  ///   - arguments: As above.
  ///   - key: The key that was read; nil for none: then no digest is right.
  public init(_ arguments: Arguments, key: GradingKey? = nil) {
    self.key = key
    first = arguments.integer("from") ?? 1
    seed = UInt64(arguments.integer("seed") ?? 1)
    isListing = arguments.has("list")
  }

  /// Whether the checks are only counted or listed: what stands outside of
  /// `check` must not act then.
  public var isRunning: Bool { mode == .running }

  /// Grades an exercise, once.
  ///
  /// - Parameters:
  ///   - exercise: Its number, such as `1.2`.
  ///   - file: The file that the student writes.
  ///   - checks: Calls ``check(_:worth:_:)`` for each check. It runs twice:
  ///     first to count them.
  public mutating func grade(
    _ exercise: StaticString, in file: StaticString,
    checks: (inout Grader) -> Void
  ) {
    precondition(mode == .waiting, "an exercise is graded once")
    self.exercise = exercise
    self.file = file
    if isListing { return run(.listing, checks) }
    run(.counting, checks)
    printBegin()
    run(.running, checks)
    end()
  }

  /// Runs one check: `body` says what it expects.
  ///
  /// - Parameters:
  ///   - name: What is checked, as a sentence.
  ///   - worth: As how many checks it counts: more than one where it is what
  ///     the exercise is about. It has so many numbers.
  ///   - body: Does it.
  public mutating func check(
    _ name: StaticString, worth: Int = 1, _ body: (inout Report) -> Void
  ) {
    number += 1
    let last = number + worth - 1
    defer { number = last }
    switch mode {
    case .waiting, .counting: return
    case .listing: line("[grade] \(exercise) list \(number) \(name)")
    case .running:
      guard number >= first else { return }
      line("[grade] \(exercise) check \(number) try \(name)")
      var report = Report(self, number: number, name: name)
      body(&report)
      guard !report.hasFailed else { return }
      for number in number...last { printPass(number, name) }
    }
  }

  /// Says that all checks have run. Only checks that go on after the end of
  /// the program call it themselves.
  public func end() {
    let digest = digest { $0.write("end") }
    line("[grade] \(exercise) end \(digest: digest)")
  }

  private mutating func run(_ mode: Mode, _ checks: (inout Grader) -> Void) {
    self.mode = mode
    number = 0
    checks(&self)
  }

  private func printBegin() {
    let digest = digest { hash in
      hash.write("begin/")
      hash.write(unsigned: UInt64(number))
    }
    line("[grade] \(exercise) begin \(number) \(digest: digest)")
  }

  private func printPass(_ number: Int, _ name: StaticString) {
    let digest = digest { hash in
      hash.write(unsigned: UInt64(number))
      hash.write("/")
      hash.write(name)
    }
    put("[grade] \(exercise) check \(number) pass ")
    line("\(digest: digest) \(name)")
  }

  /// The digest of the exercise's number, a slash, and what `write` writes;
  /// 0 without a key.
  private func digest(_ write: (inout SipHash) -> Void) -> UInt64 {
    guard let key else { return 0 }
    var hash = SipHash(key: key)
    hash.write(exercise)
    hash.write("/")
    write(&hash)
    return hash.digest()
  }
}

extension Message.Interpolation {
  /// A digest in 16 hexadecimal digits.
  mutating func appendInterpolation(digest: UInt64) {
    var console = SystemConsole()
    for position in (0..<16).reversed() {
      let digit = UInt8(truncatingIfNeeded: digest >> (position * 4) & 0xF)
      console.write(digit < 10 ? UInt8(ascii: "0") + digit : 87 + digit)
    }
  }
}

/// Writes `message` and the end of the line to the system console. On the
/// host, plain `print` would be the one of Swift's own library.
func line(_ message: @autoclosure () -> Message) {
  Console.print(message())
}
