// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// The tool as a program of its own, with a script in QEMU's place.
@Suite struct `The tool` {
  let tools: FakeTools

  init() throws { tools = try FakeTools() }

  func command(_ arguments: String...) throws -> Command {
    try tools.tool(arguments)
  }

  @Test func `passes the program's status on`() throws {
    try tools.replace(.qemu, by: FakeTools.firmware + "echo Hello\nexit 5")
    let answer = try command("run", "ch1", "--no-build").run(within: 600)
    #expect(answer.ending == .status(5))
    #expect(answer.text.hasSuffix("\nHello\n"))
    #expect(answer.complaint.isEmpty)
  }

  @Test func `says ok in one line`() throws {
    try tools.replace(.qemu, by: FakeTools.firmware + "echo Hello")
    let answer = try command("expect", "ch1", "--no-build")
      .run(input: "Hello\n", within: 600)
    #expect(answer.ending == .status(0))
    #expect(answer.text == "ok ch1: printed as expected, status 0\n")
  }

  @Test func `explains a difference, with the log`() throws {
    try tools.replace(.qemu, by: FakeTools.firmware + "echo Hallo")
    let answer = try command("expect", "ch1", "--no-build")
      .run(input: "Hello\n", within: 600)
    #expect(answer.ending == .status(1))
    #expect(answer.complaint.contains(" -> - Hello\n      + Hallo\n"))
    #expect(answer.complaint.contains("Log:  .build/logs/ch1-"))
  }

  @Test func `explains an unknown chapter`() throws {
    let answer = try command("run", "ch9").run(within: 600)
    #expect(answer.ending == .status(1))
    #expect(answer.complaint.contains("ch1 (Boot)"))
  }

  @Test(arguments: [
    (["grade", "ch99"], "no exercises of a chapter ch99", "make grade-ch"),
    (["grade", "1.9"], "no exercise 1.9", "make grade-1.1"),
    (["reset", ""], "Which exercise?", "make reset EX=1.1"),
    (["reset", "1.99"], "no exercise 1.99", "make reset EX=1.1"),
    (["hint", "x"], "no exercise x", "make hint EX=1.1"),
    (["solution", "1.8"], "no exercise 1.8", "make solution EX=1.1"),
    (["watch", "1.8"], "no exercise 1.8", "make watch EX=1.1"),
  ])
  func `explains a wrong exercise with the command that was meant`(
    words: [String], statement: String, advice: String
  ) throws {
    var command = try tools.tool(words)
    command.folder = URL(filePath: #filePath).deletingLastPathComponent()
    let answer = try command.run(within: 60)
    let text = answer.complaint.replacing(/\s+/, with: " ")
    #expect(answer.ending == .status(1))
    #expect(text.contains(statement))
    #expect(text.contains("For example: " + advice))
  }

  @Test func `prints a table, a tab between cells`() throws {
    let answer = try command("table", "chapters").run(within: 600)
    #expect(answer.text == "1\tboot\tBoot\tready\n")
    let unknown = try command("table", "planets").run(within: 600)
    #expect(unknown.ending == .status(1))
    #expect(unknown.complaint.contains("chapters, libraries, exercises"))
  }

  @Test func `prints how QEMU is called, without a serial port`() throws {
    try tools.replace(.qemu, by: FakeTools.firmware)
    let answer = try command(
      "qemu-command", "ch1", "--no-build", "--virtual-time",
      "--arguments=one two"
    ).run(within: 600)
    let words = answer.text.split(separator: "\n")
    #expect(words.first?.hasSuffix("/\(Tool.qemu.rawValue)") == true)
    #expect(words.contains("one two") && words.contains("shift=0,sleep=off"))
    #expect(!words.contains("-serial") && !words.contains("-chardev"))
  }

  @Test func `says which of its parts is not built`() throws {
    var command = try command("grade", "1.1")
    let alone = tools.folder.appending(path: "swiftkraft")
    try FileManager.default.copyItem(at: command.tool, to: alone)
    command = Command(alone, command.arguments)
    command.folder = tools.folder
    let answer = try command.run(within: 600)
    #expect(answer.ending == .status(1))
    #expect(answer.complaint.contains("make tool-grade"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)])
  func `leaves no QEMU behind`(signal: Int32, status: Int) throws {
    try tools.replace(
      .qemu, by: FakeTools.firmware + "echo \"pid $$\"\n" + FakeTools.hang)
    let queue = EventQueue()
    let tool = try Child(
      try command("run", "ch1", "--no-build", "--timeout", "600"),
      reportingTo: queue)
    let emulator = try #require(processIdentifier(in: queue))
    // The tool itself, not its group.
    kill(tool.processIdentifier, signal)
    #expect(ending(in: queue) == .status(status))
    #expect(kill(emulator, 0) == -1 && errno == ESRCH)
  }

  /// Waits for the line `pid N`.
  private func processIdentifier(in queue: EventQueue) -> Int32? {
    var text = ""
    while let event = queue.next(before: .now() + 600) {
      guard case .output(let data) = event, !data.isEmpty else { continue }
      text += String(decoding: data, as: UTF8.self)
      if let match = text.firstMatch(of: /pid ([0-9]+)\n/) {
        return Int32(match.1)
      }
    }
    return nil
  }

  private func ending(in queue: EventQueue) -> Ending? {
    while let event = queue.next(before: .now() + 600) {
      if case .ended(let ending) = event { return ending }
    }
    return nil
  }
}
