// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// Scripts stand in for QEMU and for what makes the disk.
@Suite struct `A chapter's disk` {
  let tools: FakeTools
  let script: URL
  let kept: URL

  init() throws {
    tools = try FakeTools()
    script = tools.folder.appending(path: "chapters/ch1-boot/disk.sh")
    kept = tools.folder.appending(path: ".build/disks/ch1.img")
    try FileManager.default.createDirectory(
      at: script.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("printf new >\"$1\"".utf8).write(to: script)
    // Tells what it is given, and writes to its disk.
    try tools.replace(
      .qemu,
      by: FakeTools.firmware + """
        echo "$@"
        disk=$(echo "$@" |
          sed -n 's/,,/,/g; s/.*,file=\\(.*\\.img\\).*/\\1/p')
        [ -z "$disk" ] || printf ' written' >>"$disk"
        """)
  }

  private func run(_ arguments: String..., input: String = "") throws -> Answer
  {
    let answer = try tools.tool(arguments).run(input: input, within: 600)
    #expect(answer.succeeded, "\(answer.complaint)")
    return answer
  }

  private func text(_ file: URL) throws -> String {
    try String(contentsOf: file, encoding: .utf8)
  }

  /// Whether there is a disk, or part of one, whatever its name.
  private var isMade: Bool {
    let folder = kept.deletingLastPathComponent().path
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return names?.isEmpty == false
  }

  @Test func `keeps what one run wrote for the next`() throws {
    _ = try run("run", "ch1", "--no-build")
    _ = try run("run", "ch1", "--no-build")
    #expect(try text(kept) == "new written written")
  }

  @Test func `is new again when asked for`() throws {
    _ = try run("run", "ch1", "--no-build")
    let answer = try run("disk", "ch1")
    #expect(answer.text.hasSuffix(".build/disks/ch1.img\n"))
    #expect(try text(kept) == "new")
  }

  @Test func `may be made elsewhere`() throws {
    let answer = try run("disk", "ch1", "--out", "mine.img")
    #expect(answer.text.hasSuffix("/mine.img\n"))
    #expect(try text(tools.folder.appending(path: "mine.img")) == "new")
    #expect(!isMade)
  }

  @Test func `is another where output is compared, and then goes`() throws {
    let answer = try run(
      "expect", "ch1", "--no-build",
      input: "{{.*disks/ch1-[0-9A-F-]+.img .*sleep=on.*}}\n")
    #expect(answer.text.hasPrefix("ok ch1"))
    #expect(!isMade)
  }

  @Test(arguments: ["--no-disk", "--disk=mine.img"])
  func `is not made where another is named, or none`(option: String) throws {
    try Data().write(to: tools.folder.appending(path: "mine.img"))
    let answer = try run("run", "ch1", "--no-build", option)
    #expect(answer.text.contains("mine.img") == option.contains("mine"))
    #expect(!isMade)
  }

  @Test func `that cannot be made stops the run, and leaves nothing`() throws {
    try Data("echo half >\"$1\"; echo no room >&2; exit 1".utf8)
      .write(to: script)
    let answer = try tools.tool(["run", "ch1", "--no-build"]).run(within: 600)
    #expect(answer.ending == .status(1))
    #expect(answer.complaint.contains("disk.sh has made no disk."))
    #expect(answer.complaint.contains("no room"))
    #expect(!isMade)
  }

  @Test func `is one that only some programs expect`() throws {
    try FileManager.default.removeItem(at: script)
    #expect(!(try run("run", "ch1", "--no-build")).text.contains("-drive"))
    let answer = try tools.tool(["disk", "ch1"]).run(within: 600)
    #expect(answer.complaint.contains("ch1 expects no disk"))
  }

  @Test func `that another machine has is told`() {
    let words = "Failed to get \"write\" lock\nIs another process using it?"
    let diagnosis = Diagnosis.emulatorRefused(words: words)
    #expect(diagnosis.advice.contains("Another machine"))
  }
}
