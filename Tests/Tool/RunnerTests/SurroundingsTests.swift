// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// The tool in a shell that gives it less than it would like, with a script in
/// QEMU's place.
@Suite struct `What the shell gives the tool` {
  let tools: FakeTools

  init() throws {
    tools = try FakeTools()
    try tools.replace(.qemu, by: FakeTools.firmware + "echo Hello\nexit 5")
  }

  /// What a shell says to a line in which `tool` is the tool, and the status
  /// of that line.
  private func shell(_ line: String) throws -> (status: Int?, words: String) {
    let tool = try tools.tool([])
    var command = Command(
      URL(filePath: "/bin/bash"),
      ["-c", "tool() { '\(tool.tool.path)' \"$@\"; }\n\(line)"])
    command.folder = tool.folder
    command.environment = tool.environment
    let answer = try command.run(within: 600)
    guard case .status(let status) = answer.ending else {
      return (nil, answer.text + answer.complaint)
    }
    return (status, answer.text + answer.complaint)
  }

  private let run = "tool run ch1 --no-build"

  // MARK: - Standard files

  @Test(arguments: ["<&-", "2>&-", "<&- 2>&-", "</", "</dev/null"])
  func `may be no input, and no place for complaints`(files: String) throws {
    let (status, words) = try shell("\(run) \(files)")
    #expect(status == 5, "\(words)")
    #expect(words.contains("Hello"))
  }

  @Test(arguments: [">&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func `may be no output, which no success comes of`(files: String) throws {
    for command in [run, "tool chapters"] {
      let (status, words) = try shell("\(command) \(files)")
      #expect(status == 1, "\(command): \(words)")
      guard !files.contains("2>&-") else { continue }
      #expect(words.contains("✗ Standard output cannot be written: Bad file"))
      #expect(words.contains("Next: It is closed."))
    }
  }

  #if os(Linux)
    @Test func `may be an output without room`() throws {
      for command in [run, "tool chapters"] {
        let (status, words) = try shell("\(command) >/dev/full")
        #expect(status == 1, "\(command): \(words)")
        #expect(words.contains("✗ Standard output cannot be written: No space"))
      }
    }

    @Test func `may be no room for complaints`() throws {
      let (status, words) = try shell("tool run ch9 2>/dev/full")
      #expect(status == 1)
      #expect(words == "")
    }
  #endif

  @Test(arguments: ["", "trap '' PIPE; "])
  func `may be a reader that leaves`(before: String) throws {
    for command in [run, "tool chapters"] {
      let (status, words) = try shell(
        "\(before)\(command) | true; exit ${PIPESTATUS[0]}")
      #expect(status == 141, "\(command): \(words)")
      #expect(!words.contains("✗"), "\(command): \(words)")
    }
  }

  @Test(arguments: ["<&-", "</"])
  func `is nothing that a program's output can be compared with`(
    files: String
  ) throws {
    let (status, words) = try shell("tool expect ch1 --no-build \(files)")
    #expect(status == 1)
    #expect(words.contains("✗ Standard input cannot be read: "), "\(words)")
  }

  // MARK: - Limits

  @Test(arguments: [5, 16, 24, 40, 255])
  func `may be too few files, which it says`(count: Int) throws {
    let (status, words) = try shell("ulimit -n \(count); \(run)")
    #expect(status == 1, "\(words)")
    #expect(
      words.contains("Only \(count) files may be open at once"), "\(words)")
  }

  @Test(arguments: ["ulimit -n 256", "ulimit -Sn 20"])
  func `may be a few files that are enough, or can be made so`(
    limit: String
  ) throws {
    let (status, words) = try shell("\(limit); \(run)")
    #expect(status == 5, "\(words)")
  }

  @Test func `may be files that cannot grow`() throws {
    // The log is lost; QEMU's own words go through a pipe.
    let (status, words) = try shell("ulimit -f 0; \(run)")
    #expect(status == 5, "\(words)")
    #expect(words.contains("Hello"))
  }

  // MARK: - Folders

  @Test func `may be a folder that is gone`() throws {
    // Then it works on the clone around the tool itself.
    let (status, words) = try shell(
      "mkdir gone; cd gone; rmdir ../gone; tool chapters")
    #expect(status == 0, "\(words)")
    #expect(words.contains("ch1  Boot"))
  }

  @Test(arguments: ["/nowhere", "/dev/null", "relative"])
  func `may be no folder for temporary files`(path: String) throws {
    let (status, words) = try shell("TMPDIR=\(path) \(run)")
    #expect(status == 5, "\(words)")
    #expect(
      words.contains("TMPDIR names \(path), where no file can be made: /tmp"))
  }

  @Test func `may be a build folder that is none`() throws {
    let (status, words) = try shell(": >.build/logs; \(run)")
    #expect(status == 1)
    #expect(words.contains("/.build/logs: "), "\(words)")
    #expect(
      words.contains("Next: A file lies where a folder belongs: move it away."))
  }

  #if os(Linux)
    /// Root, too, can make no file in `/proc`.
    @Test func `may be a build folder that cannot be written to`() throws {
      let (status, words) = try shell("ln -s /proc .build/logs; \(run)")
      #expect(status == 1)
      #expect(words.contains("✗ /"), "\(words)")
      #expect(words.contains("/.build/logs/ch1-"), "\(words)")
    }
  #endif

  // MARK: - Variables

  @Test(arguments: [
    "unset HOME", "unset PATH", "export LC_ALL=C", "export LC_ALL=none",
    "export LC_ALL=tr_TR.UTF-8", "export COLUMNS=0", "export TERM=none",
  ])
  func `may be odd variables`(change: String) throws {
    // Without PATH, the script in QEMU's place needs one.
    try tools.replace(
      .qemu, by: "PATH=/usr/bin:/bin\n" + FakeTools.firmware + "exit 5")
    let swift = try #require(Toolbox().find(.swift)).path
    let (status, words) = try shell(
      "export SWIFTKRAFT_SWIFT='\(swift)'; \(change); \(run)")
    #expect(status == 5, "\(words)")
  }
}
