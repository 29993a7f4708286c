// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_5_2
import Grading
import Hart

func checkDueList(_ grader: inout Grader) {
  grader.check("a sleeper is due at its time, not before") { report in
    var list = DueList(capacity: 4)
    list.insert(2, due: 50)
    let early = list.popDue(now: 49) ?? -1
    report.expect(
      early == -1, given: "sleeper 2 due at 50; popDue(now: 49)",
      expected: "nil, as its time has not come", got: "\(early)")
    let got = list.popDue(now: 50) ?? -1
    report.expect(
      got == 2, given: "sleeper 2 due at 50; popDue(now: 50)",
      expected: "2, as its time has come", got: "\(got) (-1 is nil)")
  }
  grader.check("the sleeper that is due first comes first") { report in
    var list = DueList(capacity: 8)
    for sleeper in 0..<8 {
      list.insert(sleeper, due: UInt64(sleeper * 5 % 8))
    }
    for time in 0..<8 {
      let got = list.popDue(now: 100) ?? -1
      report.expect(
        got >= 0 && got * 5 % 8 == time,
        given: "8 sleepers, n due at 5n mod 8; call \(time + 1) of popDue",
        expected: "the one that is due at \(time)", got: "\(got)")
    }
  }
  grader.check("every time of 64 bits is a time") { report in
    report.expectExtremeTimes()
  }
  grader.check("only who is there can be removed") { report in
    var list = DueList(capacity: 4)
    list.insert(1, due: 10)
    let answers = (list.remove(0), list.remove(1), list.remove(1))
    report.expect(
      answers == (false, true, false),
      given: "sleeper 1 inserted; remove 0, 1, and 1 again",
      expected: "false, true, false",
      got: "\(answers.0 ? 1 : 0), \(answers.1 ? 1 : 0), \(answers.2 ? 1 : 0)")
  }
  grader.check("random calls agree with a simple list", worth: 3) { report in
    var random = report.random()
    for _ in 0..<50 {
      guard report.expectRandomSleepers(&random) else { return }
    }
  }
  #if arch(riscv64)
    grader.check(
      "1000 sleepers: each call within its budget", worth: 14
    ) { report in report.expectSleeperBudget() }
  #endif
}

extension Report {
  /// From 0 to the last time there is, and a list for no sleeper at all.
  fileprivate mutating func expectExtremeTimes() {
    var none = DueList(capacity: 0)
    let found = none.popDue(now: .max) ?? -1
    expect(
      found == -1, given: "a list of capacity 0; popDue(now: the last time)",
      expected: "nil", got: "\(found)")
    var list = DueList(capacity: 4)
    let times: [UInt64] = [.max, 1 << 63, 0, 1 << 63 - 1]
    for sleeper in 0..<4 { list.insert(sleeper, due: times[sleeper]) }
    for (now, sleeper) in [(0, 2), (1 << 63, 3), (.max, 1), (.max, 0)]
      as [(UInt64, Int)]
    {
      let got = list.popDue(now: now) ?? -1
      expect(
        got == sleeper,
        given: """
          sleeper 0 due at 2^64 - 1, 1 at 2^63, 2 at 0, 3 at 2^63 - 1; \
          popDue(now: \(hex: now)), the earlier ones taken out
          """,
        expected: "\(sleeper)", got: "\(got) (-1 is nil)")
    }
  }

  fileprivate mutating func expectRandomSleepers(
    _ random: inout SeededRandom
  ) -> Bool {
    var list = DueList(capacity: 32)
    var model = [UInt64?](repeating: nil, count: 32)
    for step in 1...200 {
      let sleeper = Int(random.next(below: 32))
      let time = random.next(below: 100)
      if random.next(below: 4) == 0 {
        var first: UInt64?
        for case let due? in model where due <= time {
          first = min(first ?? due, due)
        }
        let got = list.popDue(now: time)
        let isThere = got.map { $0 >= 0 && $0 < 32 } ?? false
        let due = isThere ? model[got ?? 0] : nil
        expect(
          due == first && (got == nil) == (first == nil),
          given: "\(step) random calls; popDue(now: \(time))",
          expected: "one due at \(Int(first ?? 999)) (999 is none)",
          got: "sleeper \(got ?? -1) (-1 is nil)")
        guard due == first, (got == nil) == (first == nil) else {
          return false
        }
        if let got { model[got] = nil }
      } else if model[sleeper] == nil {
        list.insert(sleeper, due: time)
        model[sleeper] = time
      } else {
        guard list.remove(sleeper) else {
          expect(
            false, given: "\(step) random calls; remove(\(sleeper))",
            expected: "true, as it sleeps", got: "false")
          return false
        }
        model[sleeper] = nil
      }
    }
    return true
  }

  #if arch(riscv64)
    /// The reference needs up to 570, for popDue; a heap of pairs that are
    /// swapped, as textbooks have it, 990. An array in order needs more than
    /// 2000, to shift its elements, and to look at each takes more than 5000.
    fileprivate mutating func expectSleeperBudget() {
      let budget: UInt64 = 1500
      var random = self.random()
      var list = DueList(capacity: 1000)
      // Arrays have grown to their size afterwards.
      for sleeper in 0..<1000 { list.insert(sleeper, due: 1) }
      for sleeper in 0..<1000 { _ = list.remove(sleeper) }
      var (insert, remove, pop) = (UInt64(0), UInt64(0), UInt64(0))
      for sleeper in 0..<1000 {
        // The last ones are due first, and have the longest way.
        let time = random.next(below: 1 << 40)
        let due = sleeper < 900 ? time : UInt64(1000 - sleeper)
        insert = max(insert, cost { list.insert(sleeper, due: due) })
      }
      for sleeper in 0..<100 {
        remove = max(remove, cost { _ = list.remove(sleeper * 7) })
      }
      for _ in 0..<100 {
        pop = max(pop, cost { _ = list.popDue(now: .max) })
      }
      expect(
        insert <= budget && remove <= budget && pop <= budget,
        given: "1000 sleepers, in a list that has held as many before",
        expected: "at most \(budget) instructions a call",
        got: "insert \(insert), remove \(remove), popDue \(pop) at most")
    }

    /// The instructions of a call, without those that it takes to count.
    private func cost(_ body: () -> Void) -> UInt64 {
      let before = Hart.instructionsRetired
      let start = Hart.instructionsRetired
      body()
      return Hart.instructionsRetired - start - (start - before)
    }
  #endif
}
