// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// The `swiftkraft` tool that was built with these tests.
struct BuiltTool {
  let clone = Clone()

  /// Beside the tests' own program.
  var path: URL {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "swiftkraft")
  }

  /// Runs the tool with `arguments` and `input`.
  ///
  /// - Returns: Its exit status and all that it printed.
  func run(
    _ arguments: [String], input: String = ""
  ) throws -> (status: Int?, text: String) {
    try run(path, arguments, input: input)
  }

  /// Runs a script that calls the tool.
  func run(script: String) throws -> (status: Int?, text: String) {
    try run(URL(filePath: "/bin/sh"), [script])
  }

  private func run(
    _ program: URL, _ arguments: [String], input: String = ""
  ) throws -> (status: Int?, text: String) {
    var command = Command(program, arguments)
    command.folder = clone.root
    command.environment = [
      "SWIFTKRAFT": path.path, "NO_COLOR": "1",
      // A busy computer is no failure.
      "TIMEOUT": "600",
    ]
    let answer = try command.run(input: input, within: 3600)
    guard case .status(let status) = answer.ending else {
      return (nil, answer.text + answer.complaint)
    }
    return (status, answer.text + answer.complaint)
  }
}
