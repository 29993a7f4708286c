// SPDX-License-Identifier: BSD-3-Clause

#if EXERCISE_5_1
  import Console
  import Exercise_5_1
  import Grading
  import Hart
  import Scheduling

  func checkTurnOrder(_ grader: inout Grader) {
    grader.check("the order under first come") { report in
      report.expect(
        Prediction.firstCome, is: run(FirstCome.self), under: FirstCome.name)
    }
    grader.check("the order under strict priority") { report in
      report.expect(
        Prediction.strictPriority, is: run(StrictPriority.self),
        under: StrictPriority.name)
    }
  }

  /// What really happens: on the board's hart, or on one of the test's own.
  private func run<Policy: SchedulingPolicy & ~Copyable>(
    _: Policy.Type
  ) -> [UInt8] {
    let turns = Exercise_5_1.Turns()
    func runOnHart() {
      Scheduler<Policy, HeapStacks>.run { try? takeTurns(turns) }
    }
    #if arch(riscv64)
      runOnHart()
    #else
      SimulatedHart().run { runOnHart() }
    #endif
    return turns.letters
  }

  extension Report {
    /// Compares letter by letter: the first difference is worth a thought.
    fileprivate mutating func expect(
      _ prediction: StaticString, is letters: [UInt8],
      under policy: StaticString
    ) {
      expectWholeProgram(letters)
      let count = prediction.utf8CodeUnitCount
      for index in 0..<min(count, letters.count) {
        let said = unsafe prediction.utf8Start[index]
        guard
          expect(
            said == letters[index],
            given: "\(policy), your prediction \(prediction)",
            expected: "\(name(of: letters[index])) as letter \(index + 1)",
            got: "\(name(of: said))")
        else { return }
      }
      expect(
        count == letters.count,
        given: "\(policy), your prediction \(prediction)",
        expected: "\(letters.count) letters", got: "\(count)")
    }
  }

  extension Report {
    /// The program is the student's file, too: it must be as it was.
    fileprivate mutating func expectWholeProgram(_ letters: [UInt8]) {
      for (letter, count) in [("a", 3), ("b", 3), ("c", 3), ("d", 2), ("m", 2)]
        as [(Unicode.Scalar, Int)]
      {
        let found = letters.filter { $0 == UInt8(ascii: letter) }.count
        expect(
          found == count, given: "the program, which should be left as it was",
          expected: "\(count) times \(name(of: UInt8(ascii: letter)))",
          got: "\(found) times")
      }
    }
  }

  private func name(of letter: UInt8) -> StaticString {
    switch letter {
    case UInt8(ascii: "a"): "a"
    case UInt8(ascii: "b"): "b"
    case UInt8(ascii: "c"): "c"
    case UInt8(ascii: "d"): "d"
    case UInt8(ascii: "m"): "m"
    default: "another letter"
    }
  }
#endif
