// SPDX-License-Identifier: BSD-3-Clause

import Foundation

@testable import Runner

/// A folder with shell scripts that stand in for QEMU and other tools.
final class FakeTools {
  /// What OpenSBI prints, in short.
  static let firmware = """
    printf 'OpenSBI v1.1\\nBoot HART MEDELEG         : 0x00f0b509\\n'

    """
  /// Lives until somebody ends it.
  static let hang = "exec sleep 600\n"

  let folder: URL
  private var environment = ["PATH": "/usr/bin:/bin"]

  init() throws {
    folder = FileManager.default.temporaryDirectory
      // A clone may lie in a folder of any name.
      .appending(path: "swiftkraft-tést, \(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    try Data().write(to: image)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// An empty file: no fake boots it.
  var image: URL { folder.appending(path: "ch1") }
  var logs: URL { folder.appending(path: "logs") }
  var toolbox: Toolbox { Toolbox(environment: environment) }

  func path(of tool: Tool) -> URL { folder.appending(path: tool.rawValue) }

  /// Puts a script in a tool's place.
  func replace(_ tool: Tool, by script: String) throws {
    let path = path(of: tool)
    try ("#!/bin/sh\n" + script).write(
      to: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: path.path)
    environment[Toolbox.variable(for: tool)] = path.path
  }

  /// Takes a tool away.
  func remove(_ tool: Tool) {
    environment[Toolbox.variable(for: tool)] = "/nowhere"
  }

  /// Boots with a script in QEMU's place.
  ///
  /// - Parameters:
  ///   - emulator: The script.
  ///   - seconds: Its time. A script that ends has more than it needs.
  ///   - words: Where it does not end, its time is over when it prints them.
  /// - Returns: What happened.
  /// - Throws: What a run throws.
  func outcome(
    of emulator: String, seconds: Double = 600, after words: String? = nil
  ) throws -> Outcome {
    try replace(.qemu, by: emulator)
    var run = run(seconds: seconds)
    run.timeOutAfter = words
    // Most of them have no monitor.
    run.monitorSeconds = emulator.contains("(qemu)") ? 600 : 0.1
    return try run.outcome()
  }

  func run(seconds: Double = 600) -> Run {
    Run(
      Machine(image: image), with: toolbox, logFolder: logs, seconds: seconds)
  }

  func diagnosis(
    of emulator: String, seconds: Double = 600, after words: String? = nil,
    expecting text: String? = nil, status: Int? = nil
  ) throws -> Diagnosis? {
    let outcome = try outcome(
      of: emulator, seconds: seconds, after: words)
    return Judge(
      of: image, with: toolbox,
      expectation: try text.map { try Expectation($0) },
      status: status
    ).diagnosis(of: outcome)
  }
}

extension FakeTools {
  /// The tool, in a clone of nothing but two tables, with its `arguments`.
  func tool(_ arguments: [String]) throws -> Command {
    let manifest = """
      let courseTable = \"""
        1 | boot | Boot | ready
        \"""
      let libraryTable = \"""
        \"""
      let exerciseTable = \"""
        \"""
      let boardFlagTable = \"""
        -wmo
        \"""
      """
    try manifest.write(
      to: folder.appending(path: "Package.swift"), atomically: true,
      encoding: .utf8)
    let build = ImageBuild(of: try Project(root: folder), with: toolbox)
    let image = build.path(of: "ch1")
    try FileManager.default.createDirectory(
      at: image.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: image)
    // Beside the tests' own program.
    let tool = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "swiftkraft")
    var command = Command(tool, arguments)
    command.folder = folder
    command.environment = ["SWIFTKRAFT_QEMU": path(of: .qemu).path]
    return command
  }
}
