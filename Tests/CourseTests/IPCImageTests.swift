// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Runner
import Testing

/// What a pair of calls may cost, in instructions; a round trip is two messages
/// or signals and two switches.
private let budgets = [
  "semaphore pair": 16,
  "mutex pair": 24,
  "mailbox pair": 50,
  "semaphore round trip": 300,
  "mailbox round trip": 400,
]

/// Whether the course has come to the chapter with locks and messages.
private let hasIPC = Clone().table.chapters.contains { $0.number >= 6 }

extension ImageTests {
  @Test(.enabled(if: hasIPC))
  func `a million messages come once each, and in order`() throws {
    try expectRun(
      "ipc-stress",
      """
      1000 rings out of interrupts
      1000000 messages, each once and in order
      """)
  }

  @Test(
    .enabled(if: hasIPC),
    arguments: [
      ("deadlock", ["deadlock: threads wait for each other in a ring"]),
      ("standstill", ["nothing can run any more: threads that wait: 1"]),
    ])
  func `threads that wait for ever are explained`(
    ending: String, words: [String]
  ) throws {
    try expectFailure("ch6", ["--arguments", ending], words: words)
  }

  @Test(.enabled(if: hasIPC))
  func `where a deadlocked thread waits is told by function and line`() throws {
    try expectFailure(
      "ch6", ["--arguments", "deadlock"],
      words: ["thread 10 \"Plato\" waits at:", "dine()", "main.swift"])
  }

  @Test(
    .enabled(if: hasIPC),
    arguments: [
      ("exit", ["\"holder\" ends and still holds: mutex \"total\""]),
      ("overflow", ["stack overflow", "descend(_:)"]),
      ("sleep", ["Thread.sleep was called inside the handler"]),
      ("yield", ["Thread.yield was called inside the handler"]),
      ("semaphore", ["must not wait", "waited for: semaphore \"never\""]),
      ("mutex", ["must not wait", "waited for: mutex \"total\""]),
      ("permits", ["semaphore \"full\" has been given more than"]),
    ], ["release", "debug"])
  func `misuse of threads and locks ends with words`(
    misuse: (fault: String, words: [String]), configuration: String
  ) throws {
    try expectFailure(
      "ipc-misuse",
      [
        "--configuration", configuration, "--arguments",
        "fault=\(misuse.fault)",
      ], words: misuse.words + ["main.swift"])
  }

  @Test(.enabled(if: hasIPC), arguments: ["release", "debug"])
  func `a lock that was held when a stack overflowed is named`(
    configuration: String
  ) throws {
    // Named before the panic, and so in no report: the console shows it.
    let result = try tool.run([
      "run", "ipc-misuse", "--configuration", configuration, "--arguments",
      "fault=overflow",
    ])
    #expect(result.status != 0)
    for word in [
      "\"holder\" has overflowed its stack",
      "it still holds: mutex \"total\"", "panic: stack overflow",
    ] {
      #expect(result.text.contains(word), "\(word)\n\(result.text)")
    }
  }

  @Test(.enabled(if: hasIPC))
  func `locks and messages stay within their budgets`() throws {
    // Nothing is expected, so the runner prints all there is.
    let result = try tool.run(
      ["expect", "measure-ipc", "--status", "0"], input: "\n")
    for (name, budget) in budgets {
      let line = try Regex("\(name) ([0-9]+)")
      let figure = try #require(result.text.firstMatch(of: line))
      let cost = try #require(figure[1].substring.flatMap { Int($0) })
      #expect(cost <= budget, "\(name) costs \(cost) instructions")
    }
  }
}
