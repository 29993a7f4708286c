// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// A computer whose own disk is full, while a machine writes to one of its.
@Suite struct `A full host` {
  let tools: FakeTools

  init() throws { tools = try FakeTools() }

  /// What QEMU 7.2 reports.
  private static func report(
    _ disk: String, _ reason: String, nospace: Bool
  ) -> String {
    """
    {"timestamp": {"seconds": 1, "microseconds": 2}, "event": \
    "BLOCK_IO_ERROR", "data": {"device": "\(disk)", "nospace": \(nospace), \
    "node-name": "#block1", "reason": "\(reason)", "operation": "write", \
    "action": "report"}}
    """
  }

  /// Boots a script that reports, prints and ends, as QEMU would.
  private func diagnosis(
    of reports: String, disks: [String] = [], then end: String = "exit 0"
  ) throws -> Diagnosis? {
    let script = """
      for word; do
        case $word in pipe,id=reports,path=*) path=${word#*path=} ;; esac
      done
      path=$(printf '%s' "$path" | sed 's/,,/,/g')
      head -c 30 "$path.in" >"$path.greeting"
      cat <<'END' >"$path.out"
      \(reports)
      END

      """
    try tools.replace(.qemu, by: script + FakeTools.firmware + "echo a\n" + end)
    var run = tools.run()
    run.machine.disks = disks.map { Disk(URL(filePath: $0)) }
    let outcome = try run.outcome()
    let log = try #require(outcome.log).path
    let greeting = try String(
      contentsOfFile: log + ".greeting", encoding: .utf8)
    #expect(greeting == #"{"execute":"qmp_capabilities"}"#)
    #expect(!FileManager.default.fileExists(atPath: log + ".in"))
    #expect(!FileManager.default.fileExists(atPath: log + ".out"))
    return Judge(of: tools.image, with: tools.toolbox).diagnosis(of: outcome)
  }

  @Test func `is told with the disk's image`() throws {
    let report = Self.report("disk1", "No space left on device", nospace: true)
    let diagnosis = try diagnosis(
      of: #"{"QMP": {"version": {}}}"# + "\n" + report,
      disks: ["/a.img", "/b.img"])
    #expect(diagnosis == .hostIsFull("/b.img"))
    let text = Report(root: tools.folder, style: Style(hasColour: false))
      .text(try #require(diagnosis), of: "ch7")
    #expect(text.contains("The disk of this computer is full: no more"))
    #expect(text.contains("be written to /b.img."))
    #expect(text.contains("make clean"))
  }

  @Test func `is told before anything that follows from it`() throws {
    let report = Self.report("disk0", "Disk quota exceeded", nospace: false)
    let diagnosis = try diagnosis(
      of: report, disks: ["/a.img"], then: "echo panic: lost\nexit 70")
    #expect(diagnosis == .hostIsFull("/a.img"))
  }

  @Test func `is told with the id of a disk that QEMU's options attach`() throws
  {
    let report = Self.report("mine", "File too large", nospace: false)
    #expect(try diagnosis(of: report) == .hostIsFull("mine"))
  }

  @Test(arguments: [
    "", "{", "{}", "null", #"{"return": {}}"#,
    report("disk0", "Input/output error", nospace: false),
    #"{"event": "BLOCK_IO_ERROR", "data": {"device": 1, "nospace": true}}"#,
    #"{"event": "STOP", "data": {"device": "disk0", "nospace": true}}"#,
  ])
  func `is not what other words tell`(report: String) throws {
    #expect(try diagnosis(of: report, disks: ["/a.img"]) == nil)
  }

  @Test func `is no compiler's error`() {
    #expect(
      PackageBuild.lacksRoom(
        "<unknown>:0: error: error opening 'a.o' for output: No space left on "
          + "device"))
    #expect(
      PackageBuild.lacksRoom(
        "LLVM ERROR: IO failure: no space left on device"))
    #expect(!PackageBuild.lacksRoom("main.swift:1:1: error: no such name"))
  }
}
