// SPDX-License-Identifier: BSD-3-Clause

import Console
import Exercise_7_2
import Grading

func read(_ id: Int, _ sectors: Range<UInt64>) -> DiskRequest {
  DiskRequest(
    id: id, sector: sectors.lowerBound, count: UInt64(sectors.count),
    isWrite: false)
}

func write(_ id: Int, _ sectors: Range<UInt64>) -> DiskRequest {
  DiskRequest(
    id: id, sector: sectors.lowerBound, count: UInt64(sectors.count),
    isWrite: true)
}

/// The rules of the exercise, word by word and slow.
struct ElevatorModel {
  let maxSectors: UInt64
  let patience: Int
  private(set) var waiting: [DiskRequest] = []
  /// How often each of them was passed over.
  private var passes: [Int] = []

  init(maxSectors: UInt64, patience: Int) {
    self.maxSectors = maxSectors
    self.patience = patience
  }

  var passesOfFirst: Int { passes.first ?? 0 }

  mutating func add(_ request: DiskRequest) {
    waiting.append(request)
    passes.append(0)
  }

  mutating func next(from head: UInt64) -> Batch? {
    guard var index = first(from: head) else { return nil }
    if passes[0] >= patience { index = 0 }
    let first = take(index)
    var batch = Batch(
      sector: first.sector, count: first.count, isWrite: first.isWrite,
      ids: [first.id])
    while let index = neighbour(of: batch) {
      let request = take(index)
      batch.count += request.count
      batch.ids.append(request.id)
    }
    for index in passes.indices { passes[index] += 1 }
    return batch
  }

  func request(_ id: Int) -> DiskRequest? {
    for request in waiting where request.id == id { return request }
    return nil
  }

  mutating func remove(_ id: Int) {
    for index in waiting.indices where waiting[index].id == id {
      _ = take(index)
      return
    }
  }

  private mutating func take(_ index: Int) -> DiskRequest {
    passes.remove(at: index)
    return waiting.remove(at: index)
  }

  private func first(from head: UInt64) -> Int? {
    lowest { $0 >= head } ?? lowest { _ in true }
  }

  private func lowest(where isWanted: (UInt64) -> Bool) -> Int? {
    var best: Int?
    for (index, request) in waiting.enumerated()
    where isReady(index) && isWanted(request.sector) {
      let isLower = best.map { request.sector < waiting[$0].sector } ?? true
      if isLower { best = index }
    }
    return best
  }

  private func neighbour(of batch: Batch) -> Int? {
    for (index, request) in waiting.enumerated()
    where isReady(index) && request.isWrite == batch.isWrite
      && request.sector == batch.sector + batch.count
      && batch.count + request.count <= maxSectors
    {
      return index
    }
    return nil
  }

  private func isReady(_ index: Int) -> Bool {
    let request = waiting[index]
    for other in waiting[..<index]
    where (request.isWrite || other.isWrite)
      && request.sector < other.sector + other.count
      && other.sector < request.sector + request.count
    {
      return false
    }
    return true
  }
}

extension Message.Interpolation {
  /// Such as `write 3 (10..<20), read 4 (12..<14)`, the numbers in decimal.
  mutating func appendInterpolation(requests: [DiskRequest]) {
    for (index, request) in requests.enumerated() {
      if index > 0 { appendLiteral(", ") }
      appendInterpolation(request: request)
    }
  }

  mutating func appendInterpolation(request: DiskRequest) {
    appendInterpolation(request.isWrite ? "write " : "read ")
    appendInterpolation(request.id)
    appendLiteral(" (")
    appendInterpolation(Int(request.sector))
    appendLiteral("..<")
    appendInterpolation(Int(request.sector + request.count))
    appendLiteral(")")
  }

  /// Such as `read 4 with 5`.
  mutating func appendInterpolation(batch: Batch?) {
    guard let batch else { return appendLiteral("nil") }
    appendInterpolation(batch.isWrite ? "write " : "read ")
    for (index, id) in batch.ids.enumerated() {
      if index > 0 { appendLiteral(" with ") }
      appendInterpolation(id)
    }
    appendLiteral(" (")
    appendInterpolation(Int(batch.sector))
    appendLiteral("..<")
    appendInterpolation(Int(batch.sector + batch.count))
    appendLiteral(")")
  }
}

func agree(_ one: Batch?, _ other: Batch?) -> Bool {
  guard let one, let other else { return one == nil && other == nil }
  return one.sector == other.sector && one.count == other.count
    && one.isWrite == other.isWrite && one.ids == other.ids
}
