// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// What `make test` shows, with a script in the place of `swift`.
@Suite struct `The script that runs the tests` {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "swiftkraft-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
  }

  /// Runs it while `swift` prints a text and ends with a status.
  private func run(
    _ text: String, status: Int, _ arguments: [String] = []
  ) throws -> (answer: Answer, log: String) {
    defer { try? FileManager.default.removeItem(at: folder) }
    let swift = folder.appending(path: "swift")
    let words = "#!/bin/sh\ncat <<'END'\n\(text)\nEND\nexit \(status)\n"
    try Data(words.utf8).write(to: swift)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: swift.path)
    let log = folder.appending(path: "log")
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "test.sh")
    var command = Command(URL(filePath: "/bin/bash"), [script.path] + arguments)
    command.environment = [
      "PATH": folder.path + ":/usr/bin:/bin", "LOG": log.path,
    ]
    let answer = try command.run(within: 600)
    return (answer, try String(contentsOf: log, encoding: .utf8))
  }

  private static let passed = """
    Building for debugging...
    [1/47] Compiling Runner Run.swift
    Build complete! (1.61s)
    Test Suite 'All tests' started at 2026-11-28 15:24:49.100.
    \t Executed 0 tests, with 0 failures (0 unexpected) in 0.0 seconds
    ◇ Test run started.
    ↳ Testing Library Version: 6.3.1 (937120cbc281cf2)
    ◇ Suite BootTests started.
    ◇ Test case passing 1 argument text → "a
    b" to "a text" started.
    mutex, 3 threads: all 3318 schedules
    ➜ Test "all" skipped: "make test-graders"
    ✔ Test "a text" passed after 0.001 seconds.
    """

  private static let failed = """
    ✘ Test "a text" recorded an issue at A.swift:40:7: Expectation failed
    ↳ Runner has 18 marks
    more
    ✔ Test "another" passed after 0.001 seconds.
    unseen
    ✘ Test "a text" failed after 16.039 seconds with 1 issue.
    """

  @Test func `shows a summary where all is well`() throws {
    let end = "✔ Test run with 1 test in 1 suite passed after 9.000 seconds."
    let (answer, log) = try run(Self.passed + "\n" + end, status: 0)
    #expect(answer.succeeded)
    #expect(answer.text == "swift test\nBuild complete! (1.61s)\n\(end)\n")
    #expect(log == "$ swift test\n\(Self.passed)\n\(end)\n")
  }

  @Test func `shows what failed, and why`() throws {
    let end = "✘ Test run with 2 tests in 1 suite failed after 9.000 seconds."
    let (answer, _) = try run(
      Self.passed + "\n" + Self.failed + "\n" + end, status: 1,
      ["--filter", "A"])
    #expect(answer.ending == .status(1))
    #expect(
      answer.text == """
        swift test --filter A
        Build complete! (1.61s)
        ✘ Test "a text" recorded an issue at A.swift:40:7: Expectation failed
        ↳ Runner has 18 marks
        more
        ✘ Test "a text" failed after 16.039 seconds with 1 issue.
        \(end)

        """)
    #expect(answer.complaint.contains("swift test ended with status 1."))
  }

  @Test func `shows what the compiler says`() throws {
    let words = "a.swift:1:2: error: no\n1 | a\n  | ^\nerror: fatalError"
    let (answer, _) = try run("[1/2] Compiling A a.swift\n" + words, status: 1)
    #expect(answer.ending == .status(1))
    #expect(answer.text.hasPrefix("swift test\n\(words)\n"))
  }

  @Test func `shows the last lines where the tests crash`() throws {
    let end = "error: Exited with unexpected signal code 11"
    let (answer, _) = try run(Self.passed + "\n" + end, status: 1)
    #expect(answer.ending == .status(1))
    #expect(answer.text.contains("The tests did not come to their end."))
    #expect(answer.text.contains("all 3318 schedules"))
    #expect(answer.text.hasSuffix(end + "\n"))
  }
}
