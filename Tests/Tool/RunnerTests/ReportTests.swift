// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

@Suite struct `A report` {
  static let all: [Diagnosis] = [
    .toolMissing(.qemu), .toolMissing(.swift), .toolMissing(.symbolizer),
    .toolTooOld(.qemu, found: ToolVersion(6, 2), needed: ToolVersion(7, 0)),
    .buildFailed("ch1", words: "error"),
    .imageMissing(URL(filePath: "/image")),
    .emulatorRefused(words: "no"), .emulatorCrashed(signal: 11, words: ""),
    .firmwareSilent(seconds: 2), .kernelSilent(status: nil, place: []),
    .kernelSilent(status: 0, place: []), .panic("no", calls: []), .rebootLoop,
    .timeOut(seconds: 30, place: []), .wrongStatus(1, expected: 0),
  ]

  let report = Report(
    root: URL(filePath: "/clone"), style: Style(hasColour: false))

  @Test(arguments: all)
  func `says what happened in one line, and what to do next`(
    diagnosis: Diagnosis
  ) {
    let text = report.text(diagnosis, of: "ch1")
    #expect(text.hasPrefix("✗ ch1: \(diagnosis.statement)\n"))
    #expect(!diagnosis.statement.contains("\n"))
    #expect(text.contains("  Next: "))
    #expect(!diagnosis.advice.isEmpty)
  }

  @Test(arguments: all)
  func `fits a terminal`(diagnosis: Diagnosis) {
    let lines = report.text(diagnosis, of: "ch1").split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < 80 })
  }

  @Test func `shows what a panic tells beside its backtrace`() {
    let frame = Call.Frame(
      function: "makes()", file: "/clone/main.swift", line: 5)
    let origin = Origin(
      title: "allocated at", calls: [Call(address: 1, frames: [frame])])
    let text = report.text(
      .panic("no", calls: [], origins: [origin]), of: "ch1")
    #expect(
      text.contains("\n  allocated at:\n    #0 makes()  main.swift:5\n"))
  }

  @Test func `names the log from the root`() {
    let text = report.text(
      .rebootLoop, of: "ch1", log: URL(filePath: "/clone/.build/logs/a.log"))
    #expect(text.hasSuffix("\n  Log:  .build/logs/a.log"))
  }

  @Test func `has colours only where they are wanted`() {
    let file = FileHandle.standardOutput
    #expect(!Style(for: file, environment: ["NO_COLOR": "1"]).hasColour)
    #expect(!Style(for: file, environment: ["TERM": "dumb"]).hasColour)
  }
}

@Suite struct `The screen` {
  func shown(_ chunks: [String], colour: Bool) throws -> String {
    let pipe = Pipe()
    var screen = Screen(
      Output(pipe.fileHandleForWriting.fileDescriptor),
      style: Style(hasColour: colour))
    var transcript = Transcript()
    for chunk in chunks {
      transcript.append(Data(chunk.utf8))
      _ = screen.show(Data(chunk.utf8), of: transcript)
    }
    screen.finish()
    try pipe.fileHandleForWriting.close()
    return String(
      decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test func `dims the firmware and not the kernel`() throws {
    let text = try shown(
      ["OpenSBI v1\nBoot HART ME", "DELEG 0\nHel", "lo\n"], colour: true)
    #expect(
      text == "\u{1B}[2mOpenSBI v1\nBoot HART MEDELEG 0\n\u{1B}[0mHello\n")
  }

  @Test func `dims nothing without colours`() throws {
    #expect(try shown(["OpenSBI v1\n", "x"], colour: false) == "OpenSBI v1\nx")
  }
}
