// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

/// Runs the checks of one exercise and reports each of them on the console.
///
/// The same checks are compiled for the host and for the board, where there
/// is no heap yet. One program grades one exercise, chosen by its arguments:
///
///     exercise=1.2 key=<32 hexadecimal digits> [seed=<number>]
///     list                                     names all checks, runs none
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
///     [grade] 1.2 end
///     [grade] 1.2 not started          instead, from a stub's `todo`
///     [grade] 1.2 unknown              this program has no such exercise
///     [grade] 1.2 list 1 <name>        in the answer to `list`
///
/// A digest is `SipHash` under the key, in 16 hexadecimal digits. The grader
/// computes it, too, and believes nothing else: a program that prints "pass"
/// by itself has not got the digest. A line may follow what the exercise has
/// printed without ending its line. After a `try` without an answer, the
/// exercise has trapped, hung, or ended the program.
public struct Grader {
  enum Mode { case waiting, counting, listing, running }

  private let arguments: Arguments
  private let key: GradingKey?
  private let isListing: Bool
  private var mode = Mode.waiting
  private var wasFound = false
  private var number = 0
  private(set) var exercise: StaticString = ""
  private(set) var file: StaticString = ""
  let seed: UInt64

  /// A grader that does what the program's arguments ask for.
  public init(_ arguments: Arguments) {
    self.arguments = arguments
    key = arguments.value(of: "key").flatMap { GradingKey($0) }
    seed = UInt64(arguments.integer("seed") ?? 1)
    var words = arguments
    var isListing = false
    while let word = words.next() { isListing = isListing || word == "list" }
    self.isListing = isListing
  }

  /// Whether the checks are only counted or listed: what stands outside of
  /// `check` must not act then.
  public var isRunning: Bool { mode == .running }

  /// Grades an exercise, if it is the one that was asked for.
  ///
  /// - Parameters:
  ///   - exercise: Its number, such as `1.2`.
  ///   - file: The file that the student writes.
  ///   - checks: Calls ``check(_:_:)`` for each check. It runs twice: first
  ///     to count them.
  public mutating func grade(
    _ exercise: StaticString, in file: StaticString,
    checks: (inout Grader) -> Void
  ) {
    self.exercise = exercise
    self.file = file
    if isListing { return run(.listing, checks) }
    guard let wanted = arguments.value(of: "exercise"), wanted == exercise
    else { return }
    wasFound = true
    run(.counting, checks)
    printBegin()
    run(.running, checks)
    end()
  }

  /// Runs one check: `body` says what it expects.
  public mutating func check(
    _ name: StaticString, _ body: (inout Report) -> Void
  ) {
    number += 1
    switch mode {
    case .waiting, .counting: return
    case .listing: line("[grade] \(exercise) list \(number) \(name)")
    case .running:
      line("[grade] \(exercise) check \(number) try \(name)")
      var report = Report(self, number: number, name: name)
      body(&report)
      if !report.hasFailed { printPass(name) }
    }
  }

  /// Says that all checks have run. Only checks that go on after the end of
  /// the program call it themselves.
  public func end() { line("[grade] \(exercise) end") }

  /// Says so if the exercise that was asked for was never graded.
  public func finish() {
    guard !isListing, !wasFound else { return }
    let wanted = arguments.value(of: "exercise") ?? ByteView("?")
    line("[grade] \(wanted) unknown")
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

  private func printPass(_ name: StaticString) {
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
