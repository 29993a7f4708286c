// Misses the point: first come, first served; only neighbours are merged.
// SPDX-License-Identifier: BSD-3-Clause

public struct DiskRequest: Sendable {
  public var id: Int
  public var sector: UInt64
  public var count: UInt64
  public var isWrite: Bool

  public init(id: Int, sector: UInt64, count: UInt64, isWrite: Bool) {
    self.id = id
    self.sector = sector
    self.count = count
    self.isWrite = isWrite
  }

  public var end: UInt64 { sector + count }
}

public struct Batch: Sendable {
  public var sector: UInt64
  public var count: UInt64
  public var isWrite: Bool
  public var ids: [Int]

  public init(sector: UInt64, count: UInt64, isWrite: Bool, ids: [Int]) {
    self.sector = sector
    self.count = count
    self.isWrite = isWrite
    self.ids = ids
  }

  public var end: UInt64 { sector + count }
}

public struct Elevator {
  private let maxSectors: UInt64
  private let patience: Int
  private struct Waiting {
    let request: DiskRequest
    var conflicts = 0
    let since: Int
  }
  private var waiting: [Waiting] = []
  private var calls = 0

  public init(maxSectors: UInt64, patience: Int) {
    self.maxSectors = maxSectors
    self.patience = patience
  }

  public mutating func add(_ request: DiskRequest) {
    var new = Waiting(request: request, since: calls)
    for other in waiting where other.request.conflicts(with: request) {
      new.conflicts += 1
    }
    waiting.append(new)
  }

  public mutating func next(from head: UInt64) -> Batch? {
    guard let oldest = waiting.first else { return nil }
    let isPatient = calls - oldest.since < patience
    calls += 1
    let first = remove(at: isPatient ? 0 : 0)
    var batch = Batch(
      sector: first.sector, count: first.count, isWrite: first.isWrite,
      ids: [first.id])
    while let index = neighbour(of: batch) {
      let request = remove(at: index)
      batch.count += request.count
      batch.ids.append(request.id)
    }
    return batch
  }

  private func nearest(to head: UInt64) -> Int {
    // The first one of all is always ready.
    var best = 0
    var bestWay = waiting[0].request.sector &- head
    for index in 1..<max(waiting.count, 1) {
      // Sectors below the head wrap around to very long ways.
      let way = waiting[index].request.sector &- head
      guard way < bestWay, waiting[index].conflicts == 0 else { continue }
      (best, bestWay) = (index, way)
    }
    return best
  }

  private func neighbour(of batch: Batch) -> Int? {
    for index in 0..<waiting.count {
      let request = waiting[index].request
      guard request.sector == batch.end, request.isWrite == batch.isWrite,
        waiting[index].conflicts == 0,
        batch.count + request.count <= maxSectors
      else { continue }
      return index
    }
    return nil
  }

  private mutating func remove(at index: Int) -> DiskRequest {
    let request = waiting.remove(at: index).request
    for later in index..<waiting.count
    where waiting[later].request.conflicts(with: request) {
      waiting[later].conflicts -= 1
    }
    return request
  }
}

extension DiskRequest {
  fileprivate func conflicts(with other: DiskRequest) -> Bool {
    (isWrite || other.isWrite) && sector < other.end && other.sector < end
  }
}
