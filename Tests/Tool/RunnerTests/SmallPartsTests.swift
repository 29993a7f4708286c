// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

@Suite struct `A tool's version` {
  @Test(arguments: [
    ("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)", "7.2.22"),
    ("Swift version 6.3.1 (swift-6.3.1-RELEASE)", "6.3.1"),
    ("GNU gdb (Debian 13.1-3) 13.1", "13.1"),
    ("ShellCheck - shell script analysis tool\nversion: 0.9.0", "0.9.0"),
  ])
  func `is found in what it prints`(text: String, version: String) {
    #expect(ToolVersion(in: text)?.description == version)
  }

  @Test func `is compared number by number`() {
    #expect(ToolVersion(6, 10) > ToolVersion(6, 3))
    #expect(ToolVersion(7) == ToolVersion(7, 0, 0))
    #expect(!(ToolVersion(7, 0) < ToolVersion(7)))
    #expect(ToolVersion(in: "no number") == nil)
  }

  @Test func `may be too old`() {
    #expect(throws: Diagnosis.self) {
      try Doctor.check(.qemu, ToolVersion(6, 2, 0))
    }
    #expect(throws: Never.self) {
      try Doctor.check(.qemu, ToolVersion(7, 0, 0))
    }
  }
}

@Suite struct `The options of a command` {
  @Test func `are sorted from words`() throws {
    let options = try Options(
      ["ch1", "--timeout", "5", "--arguments=a b=c", "--no-build"],
      valued: ["timeout", "arguments"], flags: ["no-build"])
    #expect(options.words == ["ch1"])
    #expect(try options.number("timeout") == 5)
    #expect(options.value("arguments") == "a b=c")
    #expect(options.has("no-build"))
  }

  @Test func `a value may start with dashes`() throws {
    let options = try Options(["--arguments", "--x"], valued: ["arguments"])
    #expect(options.value("arguments") == "--x")
  }

  @Test(arguments: [["--bogus"], ["--timeout"], ["--no-build=yes"]])
  func `that nobody knows are refused`(arguments: [String]) {
    #expect(throws: Failure.self) {
      try Options(arguments, valued: ["timeout"], flags: ["no-build"])
    }
  }

  @Test func `that are no number are refused`() throws {
    let options = try Options(["--timeout", "soon"], valued: ["timeout"])
    #expect(throws: Failure.self) { try options.number("timeout") }
  }
}

@Suite struct `QEMU's command line` {
  @Test func `has virtual time for one hart only`() {
    var machine = Machine(image: URL(filePath: "/image"))
    machine.hasVirtualTime = true
    #expect(machine.commandLine.contains("shift=0,sleep=off"))
    machine.harts = 2
    #expect(!machine.commandLine.contains("-icount"))
  }

  @Test func `passes arguments as one word`() {
    var machine = Machine(image: URL(filePath: "/image"))
    machine.arguments = "a b"
    #expect(machine.commandLine.contains("a b"))
  }
}

@Suite struct `The monitor's answers` {
  @Test func `give the registers`() {
    let text = " pc       0000000080200c9a\r\n x8/s0    0000000080214f90 x9/s1"
    #expect(Monitor.register("pc", in: text) == 0x8020_0C9A)
    #expect(Monitor.register("x8/s0", in: text) == 0x8021_4F90)
    #expect(Monitor.register("x1/ra", in: text) == nil)
  }

  @Test func `give two words of memory`() throws {
    let words = try #require(
      Monitor.twoWords(in: "0000000080214f80: 0x0000000080214fa0 0x12\r\n"))
    #expect(words == (0x8021_4FA0, 0x12))
    #expect(Monitor.twoWords(in: "Cannot access memory") == nil)
  }
}

@Suite struct `The compiler's words` {
  @Test func `come without progress and repeats`() {
    let text = """
      [1/4] Compiling Hart
      a.swift:1:1: error: no
      [2/4] Compiling Boot
      a.swift:1:1: error: no
      Building for production...
      warning: 'main': found 1 file(s) which are unhandled; explicitly declare
          /clone/chapters/ch1-boot/Exercises/Copy.swift
      """
    #expect(PackageBuild.compilerWords(text) == "a.swift:1:1: error: no")
  }

  @Test func `come without other files and SwiftPM's own exit`() {
    let text = """
      warning: 'app': found 2 file(s) which are unhandled; explicitly declare
          /app/a.log
          /app/notes/b
      a.swift:1:1: error: no
          // A line of the source.
      error: ExitCode(rawValue: 1)
      """
    #expect(
      PackageBuild.compilerWords(text)
        == "a.swift:1:1: error: no\n    // A line of the source.")
  }
}

@Suite struct `The doctor` {
  /// A device tree with one property, `timebase-frequency`.
  func tree(_ value: UInt32) -> Data {
    let name = Data("timebase-frequency\0\0".utf8)
    let words: [UInt32] = [
      0xD00D_FEED, 0, 40, 68, 0, 17, 16, 0, UInt32(name.count), 28,
      1, 0, 3, 4, 0, value, 9,
    ]
    return words.reduce(into: Data()) { data, word in
      withUnsafeBytes(of: word.bigEndian) { unsafe data.append(contentsOf: $0) }
    } + name
  }

  @Test func `reads the timebase`() {
    #expect(Doctor.timebase(in: tree(10_000_000)) == 10_000_000)
  }

  @Test func `survives a broken tree`() {
    let whole = tree(10_000_000)
    for count in 0..<60 { _ = Doctor.timebase(in: whole.prefix(count)) }
    #expect(Doctor.timebase(in: Data(repeating: 0xFF, count: 200)) == nil)
  }

  @Test func `says what to do`() {
    let finding = Doctor.Finding(
      subject: "dtc", words: "missing", advice: "Install it.")
    #expect(Doctor.lines(finding).last == "    Install it.")
  }
}

@Suite struct `A stamp` {
  /// A library that lies in a wing was once looked for beside it.
  @Test func `is stale once a library has changed`() throws {
    let clone = try MadeUpClone()
    let file = clone.project.root.appending(path: "image.stamp")
    let program = clone.project.root.appending(path: "chapters/ch1-boot")
    var stamp: Stamp {
      Stamp(
        file: file, of: Stamp.inputs(of: clone.project, program: program))
    }
    try clone.write("let a = 1", to: "Sources/Machine/Hart/Hart.swift")
    stamp.write()
    #expect(stamp.isFresh)
    try clone.write("let a = 1, b = 2", to: "Sources/Machine/Hart/Hart.swift")
    #expect(!stamp.isFresh)
  }
}
