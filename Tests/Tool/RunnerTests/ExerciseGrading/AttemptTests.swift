// SPDX-License-Identifier: BSD-3-Clause

import Testing

@testable import ExerciseGrading
@testable import Runner

/// A grading program of three checks, whose fate is given for each.
private struct FakeProgram {
  enum Fate { case pass, fail, todo, trap, hang, exit }

  var fates: [Fate]
  var starts: [Int] = []
  /// How many checks the program says that it has, in each run.
  var totals: [Int] = []

  mutating func run(from first: Int, key: String) throws -> Attempt {
    starts.append(first)
    var console = FakeConsole()
    try console.begin(
      totals.isEmpty ? fates.count : totals[min(starts.count, totals.count) - 1]
    )
    for number in first...max(fates.count, first) where number <= fates.count {
      console.attempt(number, "check \(number)")
      switch fates[number - 1] {
      case .pass: try console.pass(number, "check \(number)")
      case .fail: console.fail(number, "check \(number)")
      case .todo:
        console.say("todo")
        return Attempt(log: console.log, interruption: ["ended"])
      case .trap:
        return Attempt(log: console.log, interruption: ["a trap"])
      case .hang:
        return Attempt(
          log: console.log, interruption: ["a hang"], wasSlow: true)
      case .exit:
        try console.pass(number, "check \(number)")
        return Attempt(log: console.log, interruption: ["ended"])
      }
    }
    try console.end()
    return Attempt(log: console.log, interruption: nil)
  }

  mutating func grade() throws -> SideGrade {
    try .collect(on: .host) { first, _ in
      // The fake console has a key of its own.
      try run(from: first, key: FakeConsole.key)
    }
  }
}

@Suite struct `A side of a grade` {
  private func grade(
    _ fates: FakeProgram.Fate...
  ) throws -> (side: SideGrade, starts: [Int]) {
    var program = FakeProgram(fates: fates)
    return (try program.grade(), program.starts)
  }

  @Test func `takes one run if nothing ends it`() throws {
    let (side, starts) = try grade(.pass, .fail, .pass)
    #expect(starts == [1])
    #expect(side.passed == 2 && side.total == 3)
    #expect(side.interruption == nil && !side.isFull)
  }

  @Test func `counts a check once that has several numbers`() throws {
    let side = try SideGrade.collect(on: .host) { _, _ in
      var console = FakeConsole()
      try console.begin(4)
      console.attempt(1, "heavy")
      console.fail(1, "heavy")
      console.attempt(4, "light")
      try console.pass(4, "light")
      try console.end()
      return Attempt(log: console.log, interruption: nil)
    }
    #expect(side.passed == 1 && side.total == 4)
    #expect(side.checkCount == 2)
    #expect(side.failures.map(\.worth) == [3])
  }

  @Test func `loses the checks whose part is missing, and no others`() throws {
    let (side, starts) = try grade(.todo, .pass, .todo, .pass)
    #expect(starts == [1, 2, 4])
    #expect(side.passed == 2 && side.total == 4)
    #expect(side.calledTodo)
    #expect(
      side.failures.map(\.lines)
        == [[GradeLog.notWritten], [GradeLog.notWritten]])
  }

  @Test func `loses a check that traps, and no other`() throws {
    let (side, starts) = try grade(.trap, .pass, .trap)
    #expect(starts == [1, 2])
    #expect(side.passed == 1)
    #expect(side.failures.map(\.name) == ["check 1", "check 3"])
    #expect(side.failures.map(\.lines) == [["a trap"], ["as above: a trap"]])
    #expect(!side.isFull)
  }

  @Test func `ends at a check that never ends`() throws {
    let (side, starts) = try grade(.pass, .hang, .pass)
    #expect(starts == [1])
    #expect(side.passed == 1)
    #expect(side.interruption != nil)
  }

  @Test func `is not full if the program ends between checks`() throws {
    let (side, starts) = try grade(.pass, .exit, .pass)
    #expect(starts == [1])
    #expect(side.passed == 2 && !side.isFull)
  }

  @Test func `is worth nothing if the runs count differently`() throws {
    var program = FakeProgram(
      fates: [.todo, .pass], totals: [2, 1])
    let side = try program.grade()
    #expect(side.passed == 0 && side.total == nil)
  }

  @Test func `a program that never gets on is started once a check`() throws {
    var starts = 0
    let side = try SideGrade.collect(on: .host) { first, _ in
      starts += 1
      var console = FakeConsole()
      try console.begin(3)
      console.attempt(first + 5)
      return Attempt(log: console.log, interruption: ["ended"])
    }
    #expect(starts == 1)
    #expect(side.passed == 0)
  }
}
