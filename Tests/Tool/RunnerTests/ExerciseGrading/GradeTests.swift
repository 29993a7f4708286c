// SPDX-License-Identifier: BSD-3-Clause

import Grading
import Testing

@testable import ExerciseGrading
@testable import Runner

extension SideGrade {
  /// A side without words.
  init(
    _ passed: Int, of total: Int?, on side: Side = .host,
    interruption: [String]? = nil
  ) {
    self.init(
      side: side, total: total, passed: passed, failures: [],
      interruption: interruption)
  }
}

extension Exercise {
  static func worth(_ points: Int) -> Exercise {
    Exercise(
      id: "1.1", file: "Sizes", title: "Sizes", points: points, stars: 1,
      minutes: 20, buildsOn: [])
  }
}

@Suite struct `A grade` {
  func points(_ points: Int = 10, _ sides: SideGrade...) -> Int {
    Grade(.worth(points), .graded(sides)).points
  }

  @Test func `is full if every check passed on both sides`() {
    let grade = Grade(
      .worth(10), .graded([.init(3, of: 3), .init(2, of: 2, on: .booted)]))
    #expect(grade.isFull)
    #expect(grade.points == 10)
    #expect(grade.word == "done")
  }

  @Test func `is the share of the checks that passed, rounded down`() {
    #expect(points(10, .init(1, of: 3), .init(1, of: 3)) == 3)
    #expect(points(10, .init(2, of: 3), .init(3, of: 3)) == 8)
    #expect(points(20, .init(1, of: 1), .init(0, of: 3)) == 5)
    #expect(points(10, .init(0, of: 3), .init(0, of: 3)) == 0)
  }

  @Test func `is not full if anything was interrupted`() {
    let side = SideGrade(3, of: 3, interruption: ["a trap"])
    #expect(!side.isFull)
    #expect(points(10, .init(3, of: 3), side) == 9)
    #expect(points(1, .init(3, of: 3), side) == 0)
  }

  @Test func `a side that never began has as many checks as the other`() {
    let side = SideGrade(0, of: nil, on: .booted, interruption: ["silence"])
    #expect(points(10, .init(4, of: 4), side) == 5)
    #expect(points(10, side, .init(2, of: 4)) == 2)
    #expect(points(10, side, side) == 0)
  }

  @Test func `without any check is worth nothing`() {
    #expect(points(10, .init(0, of: 0), .init(0, of: 0)) == 0)
    #expect(points(10) == 0)
    #expect(!Grade(.worth(10), .graded([])).isFull)
  }

  @Test func `is 0 for what does not compile and for what is not begun`() {
    for state in [
      Grade.State.notStarted, .doesNotCompile(["error: no"]),
      .notAccepted(["error: no"]),
    ] {
      #expect(Grade(.worth(10), state).points == 0)
      #expect(!Grade(.worth(10), state).isFull)
    }
  }

  @Test func `is from 0 to the exercise's points, and all only if full`() {
    var random = SeededRandom(seed: 1)
    for _ in 0..<2000 {
      let sides = [Side.host, .booted].map { side in
        let total = Int(random.next(below: 6))
        let passed = Int(random.next(below: UInt64(total) + 1))
        let isCut = random.next(below: 4) == 0
        let begins = random.next(below: 5) != 0
        return SideGrade(
          begins ? passed : 0, of: begins ? total : nil, on: side,
          interruption: isCut || !begins ? ["cut"] : nil)
      }
      let worth = Int(random.next(below: 40)) + 1
      let grade = Grade(.worth(worth), .graded(sides))
      #expect((0...worth).contains(grade.points), "\(sides)")
      #expect((grade.points == worth) == grade.isFull, "\(sides)")
    }
  }

  @Test func `has a word for each state`() {
    let words = [
      Grade.State.notStarted, .notAccepted([]), .doesNotCompile([]),
      .graded([.init(0, of: 2)]), .graded([.init(1, of: 2)]),
      .graded([.init(2, of: 2)]),
    ].map { Grade(.worth(10), $0).word }
    #expect(
      words == [
        "not started", "not accepted", "does not compile", "failed", "partly",
        "done",
      ])
  }

  @Test func `is not full if the chapter does not work with it`() {
    let sides: [SideGrade] = [
      .init(7, of: 7), .init(7, of: 7, on: .booted),
      .init(0, of: 1, on: .chapter),
    ]
    let grade = Grade(.worth(10), .graded(sides))
    #expect(!grade.isFull)
    #expect(grade.points == 9)
    #expect(grade.word == "partly")
  }
}
