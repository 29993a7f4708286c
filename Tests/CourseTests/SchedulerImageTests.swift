// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Testing

/// Whether the course has come to the chapter with threads.
private let hasThreads = Clone().table.chapters.contains { $0.number >= 5 }

extension ImageTests {
  @Test(.enabled(if: hasThreads))
  func `a thread that overflows its stack is named`() throws {
    let result = try tool.run(["run", "thread-overflow"])
    #expect(result.status != 0)
    for word in [
      "\"victim\" has overflowed its stack", "panic: stack overflow",
      "descend(_:)", "main.swift",
    ] {
      #expect(result.text.contains(word), "\(word)\n\(result.text)")
    }
  }

  @Test(.enabled(if: hasThreads), arguments: ["release", "debug"])
  func `threads survive the overflow of another`(
    configuration: String
  ) throws {
    let early = """
      ...
      round N: it ended early
      round N: the other has 7

      """
    try expectRun(
      "thread-overflow",
      options: [
        "--arguments", "mode=survive", "--configuration", configuration,
      ],
      early.replacing("N", with: "1") + "...\na sleeper woke up\n"
        + early.replacing("N", with: "2") + "all done")
  }

  @Test(.enabled(if: hasThreads))
  func `waking one of many sleepers costs little more than one of few`()
    throws
  {
    try expectRun(
      "sleepers",
      """
      10 sleepers: {{[0-9]+}} instructions
      100 sleepers: {{[0-9]+}} instructions
      1000 sleepers: {{[0-9]+}} instructions
      the cost grows slowly
      0 frames are missing
      """)
  }

  @Test(.enabled(if: hasThreads))
  func `a standstill says who waits for whom, and where`() throws {
    try expectFailure(
      "standstill",
      words: [
        "nothing can run any more", "threads that wait: 3",
        "thread 2 \"one\" waits at:", "thread 1 \"main\" waits at:",
        "waitsForTwo()", "standstill/main.swift:",
      ])
  }

  @Test(.enabled(if: hasThreads), arguments: ["release", "debug"])
  func `interrupted threads find their registers`(
    configuration: String
  ) throws {
    try expectRun(
      "thread-interrupts", options: ["--configuration", configuration],
      """
      round robin: all registers kept
      {{[0-9]+}} and {{[0-9]+}} rounds, {{[0-9]+}} wake-ups
      strict priority: all registers kept
      {{[0-9]+}} and {{[0-9]+}} rounds, {{[0-9]+}} wake-ups
      """)
  }

  @Test(.enabled(if: hasThreads))
  func `an idle hart is interrupted only to wake somebody`() throws {
    try expectRun("idle", "1 interrupts\n2 interrupts\n3 interrupts")
  }

  @Test(.enabled(if: hasThreads))
  func `threads stay within their budgets`() throws {
    try expectRun(
      "measure-threads",
      """
      round robin
      yield {{[1-5]?[0-9]|60}}
      create and join {{[1-7]?[0-9]?[0-9]}}
      strict priority
      yield {{[1-9]?[0-9]|10[0-9]|110}}
      create and join {{[1-9]?[0-9]?[0-9]}}
      """)
  }
}
