// SPDX-License-Identifier: BSD-3-Clause

#if arch(riscv64)
  import Console
  import Exercise_7_2
  import Grading
  import Hart

  /// The reference needs 10840, and 4700 in the second check.
  private let budget: UInt64 = 14_000

  func checkElevatorBudget(_ grader: inout Grader) {
    grader.check("a budget for each request, while 256 wait") { report in
      report.expectSteadyBudget()
    }
    grader.check("the same, if each is nearer than those before") { report in
      report.expectBackwardsBudget()
    }
  }

  /// An elevator, and what its calls have cost.
  private struct Measured {
    var elevator = Elevator(maxSectors: 64, patience: 1000)
    var head: UInt64 = 0
    var taken: UInt64 = 0
    private var cost: UInt64 = 0

    var average: UInt64 { cost / max(taken, 1) }

    mutating func add(_ request: DiskRequest) {
      let start = Hart.instructionsRetired
      elevator.add(request)
      cost += Hart.instructionsRetired - start
    }

    mutating func next() -> Batch? {
      let start = Hart.instructionsRetired
      let batch = elevator.next(from: head)
      cost += Hart.instructionsRetired - start
      guard let batch else { return nil }
      head = batch.end
      taken += UInt64(batch.ids.count)
      return batch
    }
  }

  /// Requests for one page of 1024 each, as a file system makes them.
  private struct Pages {
    var random: SeededRandom
    var nextID = 0

    mutating func next() -> DiskRequest {
      defer { nextID += 1 }
      return DiskRequest(
        id: nextID, sector: random.next(below: 1024) * 8, count: 8,
        isWrite: random.next(below: 3) == 0)
    }
  }

  extension Report {
    fileprivate mutating func expectSteadyBudget() {
      var source = Pages(random: random())
      var measured = Measured()
      var model = ElevatorModel(maxSectors: 64, patience: 1000)
      for _ in 0..<256 {
        let request = source.next()
        measured.elevator.add(request)
        model.add(request)
      }
      for _ in 0..<60 where !hasFailed {
        let expected = model.next(from: measured.head)
        let got = measured.next()
        expect(
          agree(got, expected), given: "256 requests wait",
          expected: "\(batch: expected), as the rules say",
          got: "\(batch: got)")
        for _ in got?.ids ?? [] {
          let request = source.next()
          measured.add(request)
          model.add(request)
        }
      }
      expectBudget(
        measured, "256 requests wait, and a new one comes for each taken")
    }

    fileprivate mutating func expectBackwardsBudget() {
      var measured = Measured()
      for id in 1...256 {
        let sector = UInt64(256 - id) * 16
        measured.add(read(id, sector..<sector + 8))
      }
      for id in (1...256).reversed() {
        let got = measured.next()
        expect(
          got?.ids == [id],
          given: "256 requests, each for a lower sector than the last",
          expected: "read \(id), as the rules say", got: "\(batch: got)")
      }
      expectBudget(
        measured, "256 requests, each for a lower sector than the last")
    }

    private mutating func expectBudget(
      _ measured: Measured, _ given: StaticString
    ) {
      expect(
        measured.average <= budget, given: "\(given)",
        expected: "at most \(budget) instructions for each, on the average",
        got: "\(measured.average)")
    }
  }
#endif
