// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_7_2
import Grading

/// Requests at random, close to each other.
private struct Source {
  var random: SeededRandom
  var nextID = 1
  let sectors: UInt64
  let longest: UInt64

  mutating func next() -> DiskRequest {
    defer { nextID += 1 }
    let count = 1 + random.next(below: longest)
    return DiskRequest(
      id: nextID, sector: random.next(below: sectors), count: count,
      isWrite: random.next(below: 3) == 0)
  }
}

extension Report {
  mutating func expectRandomRules(_ random: inout SeededRandom) {
    var source = Source(
      random: SeededRandom(seed: random.next()), sectors: 60, longest: 6)
    let patience = 3 + Int(source.random.next(below: 12))
    var elevator = Elevator(maxSectors: 16, patience: patience)
    var model = ElevatorModel(maxSectors: 16, patience: patience)
    var head: UInt64 = 0
    for _ in 0..<60 where !hasFailed {
      for _ in 0..<source.random.next(below: 4) where model.waiting.count < 6 {
        let request = source.next()
        elevator.add(request)
        model.add(request)
      }
      let (waiting, passes) = (model.waiting, model.passesOfFirst)
      let expected = model.next(from: head)
      let got = elevator.next(from: head)
      expect(
        agree(got, expected),
        given: """
          patience \(patience), head at \(Int(head)), at most 16 sectors; \
          \(requests: waiting); the first was passed over \(passes) times
          """,
        expected: "\(batch: expected)", got: "\(batch: got)")
      head = expected?.end ?? head
    }
  }

  mutating func expectRandomData(_ random: inout SeededRandom) {
    var source = Source(
      random: SeededRandom(seed: random.next()), sectors: 30, longest: 8)
    var elevator = Elevator(maxSectors: 16, patience: 20)
    var disk = ModelDisk()
    for _ in 0..<80 where !hasFailed {
      for _ in 0..<source.random.next(below: 4) {
        let request = source.next()
        elevator.add(request)
        disk.arrive(request)
      }
      guard let batch = elevator.next(from: disk.head) else {
        let left = disk.waiting.waiting.count
        expect(
          left == 0, given: "\(left) requests wait", expected: "one of them",
          got: "nil")
        continue
      }
      execute(batch, on: &disk)
    }
  }

  /// Does what the disk would do, if it makes sense.
  private mutating func execute(_ batch: Batch, on disk: inout ModelDisk) {
    disk.head = batch.end
    var sector = batch.sector
    for id in batch.ids {
      let request = disk.waiting.request(id)
      let isSound =
        request?.sector == sector && request?.isWrite == batch.isWrite
      expect(
        isSound, given: "\(requests: disk.waiting.waiting)",
        expected: "a batch of these, of one kind, one after the other",
        got: "\(batch: batch)")
      guard let request, isSound else { return }
      disk.waiting.remove(id)
      sector += request.count
      execute(request, on: &disk)
    }
    expect(
      sector == batch.end && !batch.ids.isEmpty
        && (batch.count <= 16 || batch.ids.count == 1),
      given: "a batch with at most 16 sectors",
      expected: "as many sectors as its requests have",
      got: "\(batch: batch)")
  }

  private mutating func execute(
    _ request: DiskRequest, on disk: inout ModelDisk
  ) {
    for sector in Int(request.sector)..<Int(request.end) {
      if request.isWrite {
        disk.real[sector] = request.id
      } else {
        let expected = disk.seen[request.id * 8 + sector % 8]
        let got = disk.real[sector]
        expect(
          got == expected, given: "\(request: request) looks at \(sector)",
          expected: "\(content: expected)",
          got:
            "\(content: got), which is too \(got > expected ? "new" : "old")")
      }
    }
  }
}

extension Message.Interpolation {
  fileprivate mutating func appendInterpolation(content write: Int) {
    guard write > 0 else { return appendLiteral("what was there at first") }
    appendLiteral("what write ")
    appendInterpolation(write)
    appendLiteral(" has put there")
  }
}

/// A disk whose sectors hold the id of the write that came last.
private struct ModelDisk {
  var waiting = ElevatorModel(maxSectors: 16, patience: 20)
  var head: UInt64 = 0
  var real = [Int](repeating: 0, count: 64)
  /// What they would hold if each request were done as it comes.
  private var ideal = [Int](repeating: 0, count: 64)
  /// What each read should see: 8 places for each request.
  private(set) var seen = [Int](repeating: 0, count: 8)

  mutating func arrive(_ request: DiskRequest) {
    waiting.add(request)
    seen += [0, 0, 0, 0, 0, 0, 0, 0]
    for sector in Int(request.sector)..<Int(request.end) {
      if request.isWrite {
        ideal[sector] = request.id
      } else {
        seen[request.id * 8 + sector % 8] = ideal[sector]
      }
    }
  }
}
