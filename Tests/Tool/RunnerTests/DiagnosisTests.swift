// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import Runner

/// Each with a script in QEMU's place that misbehaves in one way.
@Suite struct `The runner` {
  let tools: FakeTools

  init() throws {
    tools = try FakeTools()
    // Answers nothing, so that addresses stay addresses.
    try tools.replace(.symbolizer, by: "echo '[]'")
  }

  @Test func `is content with what was expected`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "echo Hello\nexit 3", expecting: "Hello",
      status: 3)
    #expect(diagnosis == nil)
  }

  @Test func `misses QEMU`() throws {
    tools.remove(.qemu)
    #expect(throws: Diagnosis.toolMissing(.qemu)) {
      try tools.run().outcome()
    }
  }

  @Test func `misses the image`() throws {
    try tools.replace(.qemu, by: FakeTools.hang)
    try FileManager.default.removeItem(at: tools.image)
    #expect(throws: Diagnosis.imageMissing(tools.image)) {
      try tools.run().outcome()
    }
  }

  @Test func `quotes QEMU when it refuses to start`() throws {
    let diagnosis = try tools.diagnosis(
      of: "echo 'qemu: no such machine' >&2\nexit 1")
    #expect(
      diagnosis == .emulatorRefused(words: "qemu: no such machine\n"))
  }

  @Test func `knows QEMU's own crash`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "kill -SEGV $$")
    #expect(diagnosis == .emulatorCrashed(signal: 11, words: ""))
  }

  @Test func `hears nothing from the firmware`() throws {
    let diagnosis = try tools.diagnosis(of: FakeTools.hang, seconds: 0.2)
    #expect(diagnosis == .firmwareSilent(seconds: 0.2))
  }

  @Test func `hears nothing from the kernel, which is at work`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + FakeTools.hang, after: "MEDELEG")
    #expect(diagnosis == .kernelSilent(status: nil, place: []))
  }

  @Test func `hears nothing from the kernel, which ends`() throws {
    let diagnosis = try tools.diagnosis(of: FakeTools.firmware)
    #expect(diagnosis == .kernelSilent(status: 0, place: []))
  }

  @Test func `sees a panic`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + """
        printf 'panic: too much\\nbacktrace:\\n  #0 0x80200010\\n'
        exit 70
        """)
    #expect(
      diagnosis
        == .panic(
          "too much", calls: [Call(address: 0x8020_0010, frames: [])]))
  }

  @Test func `looks up what a panic tells beside its backtrace`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + """
        printf 'panic: twice\\nallocated at:\\n  #1 0x80200020\\n'
        printf '  #2 0x80200030\\n'
        printf 'backtrace:\\n  #0 0x80200010\\n'
        exit 70
        """)
    // A return address: the call is the instruction before it.
    let origin = Origin(
      title: "allocated at",
      calls: [
        Call(address: 0x8020_001f, frames: []),
        Call(address: 0x8020_0030, frames: []),
      ])
    #expect(
      diagnosis
        == .panic(
          "twice", calls: [Call(address: 0x8020_0010, frames: [])],
          origins: [origin]))
  }

  @Test func `sees a panic after which the machine does not end`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "echo 'panic: stuck'\n" + FakeTools.hang,
      after: "stuck")
    #expect(diagnosis == .panic("stuck", calls: []))
  }

  @Test func `believes no success after a panic`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "echo 'panic: in vain'\nexit 0",
      expecting: "panic: in vain", status: 0)
    #expect(diagnosis == .panic("in vain", calls: []))
  }

  @Test func `accepts a panic that was expected`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "echo 'panic: as planned'\nexit 70",
      expecting: "panic: as {{.*}}", status: 70)
    #expect(diagnosis == nil)
  }

  @Test func `ends a machine that reboots at once`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + FakeTools.firmware + FakeTools.hang)
    #expect(diagnosis == .rebootLoop)
  }

  @Test func `ends a program that does not`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "echo busy\n" + FakeTools.hang, after: "busy")
    #expect(diagnosis == .timeOut(seconds: 600, place: []))
  }

  @Test func `ends a program that will not listen`() throws {
    let outcome = try tools.outcome(
      of: """
        trap '' TERM
        while :; do sleep 1; done
        """, seconds: 0.2)
    #expect(outcome.end == .timeOut(seconds: 0.2, backtrace: []))
  }

  @Test func `ends a program that prints without end, and keeps little`() throws
  {
    try tools.replace(
      .qemu, by: FakeTools.firmware + "while :; do echo again; done")
    var run = tools.run()
    run.mostBytes = 10_000
    let outcome = try run.outcome()
    #expect(outcome.end == .flood(bytes: 10_000))
    // What is read at once may be more.
    #expect(outcome.transcript.bytes.count < 1 << 20)
    let diagnosis = Judge(of: tools.image, with: tools.toolbox)
      .diagnosis(of: outcome)
    #expect(diagnosis == .flood(bytes: 10_000))
  }

  @Test func `its time is over also while it prints without end`() throws {
    let outcome = try tools.outcome(
      of: FakeTools.firmware + "exec cat /dev/zero", seconds: 0.5)
    #expect(outcome.end == .timeOut(seconds: 0.5, backtrace: []))
  }

  @Test func `ends a command that prints without end`() throws {
    let command = Command(
      URL(filePath: "/bin/sh"), ["-c", "while :; do echo again; done"])
    let answer = try command.run(printing: 10_000)
    #expect(answer.isTooLong && !answer.isTooLate)
    #expect(answer.output.count == 10_000)
  }

  @Test func `compares what was printed`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "echo Hallo", expecting: "Hello")
    guard case .wrongOutput(let difference) = diagnosis else {
      Issue.record("\(String(describing: diagnosis))")
      return
    }
    #expect(difference.rows == [.missing("Hello"), .extra("Hallo")])
  }

  @Test func `compares the status`() throws {
    let diagnosis = try tools.diagnosis(
      of: FakeTools.firmware + "echo Hello\nexit 4", status: 3)
    #expect(diagnosis == .wrongStatus(4, expected: 3))
  }

  @Test func `keeps a log`() throws {
    let outcome = try tools.outcome(
      of: FakeTools.firmware + "echo Hello\necho trouble >&2")
    let log = try String(contentsOf: #require(outcome.log), encoding: .utf8)
    #expect(log.contains("-machine virt"))
    #expect(log.contains("Hello"))
    #expect(log.contains("trouble"))
  }

  @Test func `types once the kernel runs`() throws {
    try tools.replace(
      .qemu, by: FakeTools.firmware + "read -r line\necho \"read $line\"")
    var run = tools.run()
    run.typed = "words\n"
    #expect(try run.outcome().transcript.kernelLines == ["read words"])
  }
}
