// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import Runner

@Suite struct `The compiler's complaints` {
  let clone: MadeUpClone
  let own = "chapters/ch1-boot/Exercises/Sizes.swift:3:5: error: no"
  let checks = "Tests/Exercises/Ch1Checks/PortChecks.swift:9:1: error: no `f`"

  init() throws {
    clone = try MadeUpClone()
    try clone.write(
      "// SPDX\n\n#if EXERCISE_1_2 && arch(riscv64)\n#endif\n",
      to: "Tests/Exercises/Ch1Checks/PortChecks.swift")
    try clone.write(
      "// SPDX\n\nimport Grading\n  #if EXERCISE_1_1\n  #endif\n",
      to: "Tests/Exercises/Ch1Checks/Chapter1.swift")
  }

  func blamed(
    _ lines: String..., answers: Answers = .mine, without: [String] = []
  ) throws -> [String: [String]] {
    let root = clone.project.root.path
    return try Blame(
      project: clone.project, answers: answers, without: without
    ).exercises(in: lines.map { "\(root)/\($0)" }.joined(separator: "\n"))
  }

  @Test func `about an answer belong to its exercise`() throws {
    #expect(try blamed("a.swift:1:1: note: a", own) == ["1.1": [own]])
  }

  @Test func `about missing names belong to the exercise checked there`() throws
  {
    #expect(try blamed(own, checks) == ["1.1": [own], "1.2": [checks]])
  }

  @Test func `about an answer come before those of its checks`() throws {
    let port = "chapters/ch1-boot/Exercises/Port.swift:1:1: error: no"
    #expect(try blamed(checks, port) == ["1.2": [port]])
  }

  @Test func `about other files belong to no exercise`() throws {
    let found = try blamed(
      "Sources/Hart/CSR.swift:1:1: error: no",
      "Tests/Exercises/Ch1Checks/Chapter1.swift:4:1: error: no",
      "Tests/Exercises/Ch1Checks/Gone.swift:4:1: error: no",
      "chapters/ch1-boot/Exercises/Sizes.swift.orig:1:1: error: no",
      "chapters/ch1-boot/Solutions/Sizes.swift:1:1: error: no",
      "chapters/ch1-boot/Exercises/Sizes.swift:3:5: warning: hm")
    #expect(found.isEmpty)
  }

  @Test func `are read for the answers that were built`() throws {
    let line = "chapters/ch1-boot/Mutants/Sizes-2.swift:1:1: error: no"
    #expect(try blamed(line, answers: .mutants2) == ["1.1": [line]])
    #expect(try blamed(line, answers: .mutants1).isEmpty)
  }

  @Test func `blame nobody twice`() throws {
    #expect(try blamed(own, checks, without: ["1.1", "1.2"]).isEmpty)
  }
}
