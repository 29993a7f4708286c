// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_7_2
import Grading

func checkElevator(_ grader: inout Grader) {
  grader.check("up from the head, then again from the lowest", worth: 3) {
    report in
    report.expectRules(
      [read(1, 10..<11), read(2, 35..<36), read(3, 2..<3), read(4, 31..<32)],
      head: 20)
    report.expectRules(
      [read(1, 7..<9), write(2, 5..<6), read(3, 0..<1)], head: 7)
    // Of two at one sector, the one that was added first.
    report.expectRules(
      [read(1, 9..<12), read(2, 4..<8), read(3, 4..<5)], head: 2)
    report.expectRules(
      [read(1, 9..<12), read(2, 4..<5), read(3, 4..<8)], head: 20)
  }
  grader.check("neighbours of one kind are merged, up to the limit", worth: 3) {
    report in
    report.expectMerges()
  }
  grader.check("the order is kept where a write overlaps") { report in
    report.expectConflicts()
  }
  grader.check("a neighbour that is not ready does not join") { report in
    report.expectRules(
      [read(1, 0..<4), write(2, 6..<10), read(3, 4..<8)], head: 0)
    report.expectRules(
      [write(1, 0..<4), read(2, 7..<9), write(3, 4..<8)], head: 0)
  }
  grader.check("no request is passed over for ever") { report in
    report.expectPatience(0)
    report.expectPatience(5)
    report.expectPatience(60)
  }
  grader.check("a model disk holds what it should, at random") { report in
    var random = report.random()
    for _ in 0..<60 where !report.hasFailed {
      report.expectRandomData(&random)
    }
  }
  grader.check("random requests, taken as the rules say", worth: 4) {
    report in
    var random = report.random()
    for _ in 0..<60 where !report.hasFailed {
      report.expectRandomRules(&random)
    }
  }
  #if arch(riscv64)
    checkElevatorBudget(&grader)
  #endif
}

extension Report {
  fileprivate mutating func expectMerges() {
    expectRules(
      [read(1, 8..<12), read(2, 0..<4), read(3, 4..<8)], head: 0)
    // Another kind, a gap, another one's sector.
    expectRules([read(1, 0..<4), write(2, 4..<8)], head: 0)
    expectRules([write(1, 0..<4), write(2, 5..<8)], head: 0)
    expectRules([read(1, 0..<4), read(2, 3..<8)], head: 0)
    // Below the head, and behind it.
    expectRules([write(1, 4..<8), write(2, 0..<4)], head: 4)
    expectRules([write(1, 4..<8), write(2, 0..<4)], head: 9)
    // Too large together; too large alone; one of two fits.
    expectRules([read(1, 0..<12), read(2, 12..<17)], head: 0)
    expectRules([read(1, 0..<12), read(2, 12..<16)], head: 0)
    expectRules([read(1, 0..<40), read(2, 40..<41)], head: 0)
    expectRules(
      [read(1, 0..<8), read(2, 8..<20), read(3, 8..<12)], head: 0)
  }

  fileprivate mutating func expectConflicts() {
    expectRules([write(1, 10..<20), read(2, 5..<11)], head: 0)
    expectRules([read(1, 10..<20), write(2, 5..<11)], head: 0)
    expectRules([write(1, 10..<20), write(2, 5..<11)], head: 0)
    // They only touch, or only read: free to go.
    expectRules([write(1, 10..<20), read(2, 5..<10)], head: 0)
    expectRules([read(1, 10..<20), read(2, 5..<11)], head: 0)
    // Held up by one that is held up itself.
    expectRules(
      [write(1, 20..<30), read(2, 10..<21), write(3, 5..<11)], head: 0)
  }

  /// Takes all of `requests`; the head moves with them.
  fileprivate mutating func expectRules(
    _ requests: [DiskRequest], head start: UInt64
  ) {
    var elevator = Elevator(maxSectors: 16, patience: 1000)
    var model = ElevatorModel(maxSectors: 16, patience: 1000)
    for request in requests {
      elevator.add(request)
      model.add(request)
    }
    var head = start
    for _ in 0...requests.count where !hasFailed {
      let left = model.waiting
      let expected = model.next(from: head)
      expectBatch(
        elevator.next(from: head), expected, of: left, head: head)
      head = expected?.end ?? head
    }
  }

  /// One waits at the bottom, and the head never comes down again.
  fileprivate mutating func expectPatience(_ patience: Int) {
    var elevator = Elevator(maxSectors: 16, patience: patience)
    elevator.add(write(0, 0..<1))
    for call in 1...100 {
      let sector = UInt64(call * 10)
      elevator.add(read(call, sector..<sector + 1))
      let got = elevator.next(from: sector)?.ids ?? []
      let wanted = call == patience + 1 ? 0 : call
      guard call <= patience + 1 else { return }
      expect(
        got == [wanted],
        given: """
          patience \(patience); write 0 waits below the head; call \(call) \
          of next, a new read at the head before each
          """,
        expected: wanted == 0
          ? "write 0, as \(patience) calls have passed it over"
          : "read \(wanted), as write 0 was passed over \(call - 1) times",
        got: got.isEmpty ? "none" : "request \(got[0])")
    }
  }

  mutating func expectBatch(
    _ got: Batch?, _ expected: Batch?, of waiting: [DiskRequest],
    head: UInt64
  ) {
    expect(
      agree(got, expected),
      given: "head at \(Int(head)), at most 16 sectors; \(requests: waiting)",
      expected: "\(batch: expected)", got: "\(batch: got)")
  }
}
