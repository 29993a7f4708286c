// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Testing

/// Boots real images in QEMU. One after the other: they share one build folder
/// and all of the machine.
@Suite(.serialized) struct ImageTests {
  let tool = BuiltTool()

  /// Expects an image to print `text` and to end with `status`.
  func expectRun(
    _ image: String, options: [String] = [], status: Int = 0,
    _ text: String, source: SourceLocation = #_sourceLocation
  ) throws {
    let result = try tool.run(
      ["expect", image, "--status", "\(status)"] + options, input: text + "\n")
    #expect(result.status == 0, "\(result.text)", sourceLocation: source)
  }

  /// Expects the runner to refuse an image, with all of `words`.
  func expectFailure(
    _ image: String, _ options: [String] = [], expected: String = "...",
    words: [String], source: SourceLocation = #_sourceLocation
  ) throws {
    let result = try tool.run(
      ["expect", image] + options, input: expected + "\n")
    #expect(result.status != 0, sourceLocation: source)
    for word in words {
      #expect(
        result.text.contains(word), "\(word)\n\(result.text)",
        sourceLocation: source)
    }
  }

  // MARK: - What works

  @Test(arguments: Clone().table.chapters.map(\.folder))
  func `a chapter's own test passes`(folder: String) throws {
    let result = try tool.run(script: "\(folder)/qemu-test.sh")
    #expect(result.status == 0, "\(result.text)")
  }

  @Test(arguments: Clone().table.chapters)
  func `a chapter runs when it is compiled for debugging`(
    chapter: Chapter
  ) throws {
    try expectRun(
      chapter.image, options: ["--configuration", "debug"],
      "Swiftkraft, chapter \(chapter.number): \(chapter.title)\n...")
  }

  @Test func `the init table starts in order and stops in reverse`() throws {
    try expectRun(
      "init-order", status: 5,
      """
      start 3.10
      start 3.20
      start 5.10
      program
      stop 5.10
      stop 3.20
      stop 3.10
      """)
  }

  @Test func `memory functions do what C says`() throws {
    try expectRun("memory", "16800 areas as expected")
  }

  @Test func `the serial port works without the firmware`() throws {
    try expectRun("serial", "through the firmware\nthrough the serial port")
  }

  @Test func `what is typed reaches the program`() throws {
    try expectRun(
      "input", options: ["--type", "one two."],
      "type, and end with a full stop\none two.")
  }

  // MARK: - What fails, and the words for it

  @Test func `a panic names functions, files and lines`() throws {
    try expectFailure(
      "panics",
      words: [
        "number 3 is not welcome", "innermost", "middle", "main.swift:10",
        "main.swift:16", "main.swift:21",
      ])
  }

  @Test func `a failure of Swift's own is explained in Swift's words`() throws {
    try expectFailure(
      "run-time-failure",
      words: [
        "Index out of bounds", "pick", "main.swift:11",
        "Swift's run-time checks end so: overflow, index",
      ])
  }

  @Test func `a stack overflow is explained on the emergency stack`() throws {
    try expectFailure("overflow", words: ["stack overflow", "descend"])
  }

  @Test func `a panic inside a panic still ends the machine`() throws {
    try expectRun(
      "panic-in-panic", status: 71,
      """

      panic: the first failure,
      panic: a panic failed while it was explaining itself
      """)
  }

  @Test func `a reboot loop is noticed`() throws {
    try expectFailure("reboots", words: ["reboot"])
  }

  @Test func `a time-out says where the hart was`() throws {
    let image = try BuiltImage("hangs")
    var words = ""
    // It may be caught on its way into the loop, but not each time.
    for _ in 0..<5 where !words.contains("waitsForWhatNeverComes") {
      words = try image.words(whenLateAfter: "before the loop\r\n")
    }
    #expect(words.contains("did not end"), "\(words)")
    #expect(words.contains("waitsForWhatNeverComes"), "\(words)")
  }

  @Test func `a silent kernel is told from a silent firmware`() throws {
    // The last line of the firmware.
    let words = try BuiltImage("silent")
      .words(whenLateAfter: "Boot HART MEDELEG")
    #expect(words.contains("kernel printed nothing"), "\(words)")
  }

  @Test func `wrong output is shown as a difference`() throws {
    try expectFailure(
      "hello", expected: "Hello, moon",
      words: ["Hello, moon", "Hello, world"])
  }

  @Test func `a wrong exit status is told`() throws {
    try expectFailure(
      "hello", ["--status", "4"], expected: "Hello, world",
      words: ["status 0", "4"])
  }

  @Test(
    .enabled(if: Clone().holds("Tests/Images/faults")),
    arguments: [
      ("load-null", "nothing can be loaded there", "null pointer"),
      ("load-nothing", "nothing can be loaded there", "neither memory"),
      ("load-firmware", "nothing can be loaded there", "firmware keeps"),
      ("store-nothing", "nothing can be stored there", "neither memory"),
      ("execute-nothing", "no instruction can be fetched", "neither memory"),
      ("illegal", "illegal instruction", "program's code"),
      ("illegal", "illegal instruction", "index out of range"),
      ("breakpoint", "breakpoint", "program's code"),
      ("timer", "timer interrupt without a handler", "program's code"),
    ])
  func `a fault says what happened and what lies there`(
    fault: String, name: String, place: String
  ) throws {
    try expectFailure(
      "faults", ["--arguments", "fault=\(fault)"],
      words: [name, place, "main.swift"])
  }
}
