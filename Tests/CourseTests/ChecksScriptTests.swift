// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// `.ci/run`, with a script in the place of `make`.
@Suite(.enabled(if: Clone().holds(".ci"), "branches have no .ci"))
struct ChecksScriptTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "swiftkraft-checks-\(UUID().uuidString)")
    for name in [".ci", ".build/logs"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    for name in [".ci/run", "README.md"] {
      try FileManager.default.copyItem(
        at: Clone().root.appending(path: name),
        to: folder.appending(path: name))
    }
  }

  /// Runs it where `make failing` fails, and `make test` is this command.
  private func run(failing: String = "", test: String) throws -> Answer {
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = """
      #!/bin/sh
      echo "make $*"
      if [ "$1" = test ]; then
        printf '%s\\n' '$ \(test)' '\(Self.end)' >.build/logs/swift-test.log
      fi
      [ "$1" != "\(failing)" ]
      """
    let make = folder.appending(path: "make")
    try Data(script.utf8).write(to: make)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: make.path)
    var command = Command(
      URL(filePath: "/bin/bash"), [folder.appending(path: ".ci/run").path])
    command.environment = ["PATH": folder.path + ":/usr/bin:/bin"]
    return try command.run(within: 600)
  }

  private static let end = "✔ Test run with 9 tests in 1 suite passed."
  private static let parts = [
    "lint", "doctor", "test-book", "test-graders", "test-branches",
    "test-asan", "test",
  ]

  @Test func `goes through all parts, and says what each took`() throws {
    let answer = try run(test: "swift test")
    #expect(answer.succeeded, "\(answer.complaint)")
    let words = answer.text
    for part in Self.parts {
      #expect(words.contains("make \(part)"), "\(words)")
    }
    #expect(words.matches(of: /s of processors  \w+ +passed\n/).count == 7)
    #expect(words.hasSuffix(" s together\n\(Self.end)\n"))
  }

  @Test(arguments: parts)
  func `fails if a part does, after the others`(part: String) throws {
    let answer = try run(failing: part, test: "swift test")
    #expect(answer.ending == .status(1))
    #expect(answer.text.contains("make test\n"))
    #expect(answer.text.contains(/s of processors  \w+ +FAILED\n/))
    #expect(answer.complaint.contains("Failed: "))
  }

  @Test func `fails if make test is not what the README says`() throws {
    let answer = try run(test: "swift test --filter Few")
    #expect(answer.ending == .status(1))
    #expect(answer.complaint.contains("Failed: tests"), "\(answer.complaint)")
  }

  @Test func `does not begin without its tools`() throws {
    let answer = try run(failing: "setup", test: "swift test")
    #expect(answer.ending == .status(1))
    #expect(!answer.text.contains("make lint"))
  }
}
