// SPDX-License-Identifier: BSD-3-Clause

import Boot
import Console
import Hart

/// The whole of a program that grades one exercise, on the host and on the
/// board. ``Grader`` says what its arguments are, and what it prints.
///
/// - Parameters:
///   - exercise: Its number, such as `1.2`.
///   - file: The file that the student writes.
///   - checks: Calls `check` for each check. It runs twice: first to count
///     them.
public func gradeExercise(
  _ exercise: StaticString, in file: StaticString,
  checks: (inout Grader) -> Void
) {
  #if arch(riscv64)
    var grader = Grader(Board.arguments, key: Secret.take())
    grader.grade(exercise, in: file, checks: checks)
  #else
    SystemConsole.use(
      SystemConsole.Driver(
        write: { byte in
          var output = StandardOutput()
          output.write(byte)
        }, read: { -1 }))
    HostProcess.limit()
    let words = CommandLine.arguments.dropFirst().joined(separator: " ")
    let line = Array(words.utf8)
    unsafe line.withUnsafeBytes { bytes in
      let view =
        unsafe bytes.baseAddress.map { base in
          unsafe ByteView(at: base, count: bytes.count)
        } ?? ByteView("")
      let arguments = Arguments(view)
      var grader = Grader(
        arguments, key: arguments.has("keyed") ? HostProcess.readKey() : nil)
      grader.grade(exercise, in: file, checks: checks)
    }
  #endif
}

extension Arguments {
  /// Whether `word` is one of the arguments.
  func has(_ word: StaticString) -> Bool {
    var words = self
    while let next = words.next() {
      if next == word { return true }
    }
    return false
  }
}
