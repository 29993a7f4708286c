// SPDX-License-Identifier: BSD-3-Clause
//
// Exercise 7.2: requests sorted and merged. See `make hint EX=7.2`.

//@ solution
//@ stub
//| import Todo
//|
//@ end
/// Something that is to be read or written.
public struct DiskRequest: Sendable {
  /// Whose it is: no two that wait have the same.
  public var id: Int
  /// The first sector.
  public var sector: UInt64
  /// How many sectors: at least 1.
  public var count: UInt64
  /// Whether it is written; it is read otherwise.
  public var isWrite: Bool

  public init(id: Int, sector: UInt64, count: UInt64, isWrite: Bool) {
    self.id = id
    self.sector = sector
    self.count = count
    self.isWrite = isWrite
  }

  /// The sector after the last one.
  public var end: UInt64 { sector + count }
}

/// Requests that the disk does in one go: neighbours, all reads or all writes.
public struct Batch: Sendable {
  public var sector: UInt64
  public var count: UInt64
  public var isWrite: Bool
  /// The requests in it, in the order of their sectors.
  public var ids: [Int]

  public init(sector: UInt64, count: UInt64, isWrite: Bool, ids: [Int]) {
    self.sector = sector
    self.count = count
    self.isWrite = isWrite
    self.ids = ids
  }

  /// Where the disk's head stands afterwards.
  public var end: UInt64 { sector + count }
}

/// Requests that wait for a disk, taken out so that its head moves little.
///
/// The head goes up like an elevator that takes passengers on its way up only,
/// and then goes down to the lowest one that waits:
///
///     sector   0         10        20        30        40
///              ├─────────┼─────────┼─────────┼─────────┤
///     waiting    C       A         ▲          D   B
///                                 head: first D, then B, C, A
///
/// 1. Two requests *conflict* if they share a sector and one of them is a
///    write. The order of those two is kept. So a request is *ready* if it
///    conflicts with none that was added before it and waits still. Only what
///    is ready is taken.
/// 2. The next is the one that begins at the lowest sector at or above the
///    head; if there is none, the one at the lowest sector. Of two that begin
///    at the same, it is the one that was added first.
/// 3. Another joins it if it is ready, of the same kind, begins exactly where
///    the batch ends, and the batch stays within `maxSectors`. Then the next
///    one may join, and so on. If several could, it is the one that was added
///    first among those that fit.
/// 4. No request waits for ever: if the request that was added first has been
///    passed over by `patience` calls of `next`, it is the next one, wherever
///    the head is. Then 3 applies as usual.
///
/// While 256 requests wait, the budget for one that is added and taken is
/// 14000 instructions on the average, in whatever order they come. To compare
/// each with each other in every call takes 230000.
public struct Elevator {
  private let maxSectors: UInt64
  private let patience: Int
  //@ solution
  private struct Waiting {
    let request: DiskRequest
    /// How many that were added before it conflict with it.
    var conflicts = 0
    /// The number of the first call that could have taken it.
    let since: Int
  }
  /// In the order in which they were added.
  private var waiting: [Waiting] = []
  private var calls = 0
  //@ stub
  //| // TODO: what must be remembered?
  //@ end

  /// An elevator where no request waits.
  ///
  /// - Parameters:
  ///   - maxSectors: How many sectors a batch of several requests may have. A
  ///     single request may have more.
  ///   - patience: How often a request may be passed over.
  public init(maxSectors: UInt64, patience: Int) {
    self.maxSectors = maxSectors
    self.patience = patience
  }

  /// Adds a request that does not wait yet.
  public mutating func add(_ request: DiskRequest) {
    //@ solution
    var new = Waiting(request: request, since: calls)
    for other in waiting where other.request.conflicts(with: request) {
      new.conflicts += 1
    }
    waiting.append(new)
    //@ stub
    //| // TODO: remember it. Remove `todo`.
    //| todo("7.2")
    //@ end
  }

  /// Takes out what the disk does next.
  ///
  /// - Parameter head: The sector at which the disk's head stands.
  /// - Returns: One request or several, or nil if no request waits.
  public mutating func next(from head: UInt64) -> Batch? {
    //@ solution
    guard let oldest = waiting.first else { return nil }
    let isPatient = calls - oldest.since < patience
    calls += 1
    let first = remove(at: isPatient ? nearest(to: head) : 0)
    var batch = Batch(
      sector: first.sector, count: first.count, isWrite: first.isWrite,
      ids: [first.id])
    while let index = neighbour(of: batch) {
      let request = remove(at: index)
      batch.count += request.count
      batch.ids.append(request.id)
    }
    return batch
    //@ stub
    //| // TODO: find the first one, and then its neighbours. Remove `todo`.
    //| todo("7.2")
    //@ end
  }
  //@ solution

  /// The place of the ready request that an elevator reaches first.
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
  //@ stub
  //@ end
}
//@ solution

extension DiskRequest {
  fileprivate func conflicts(with other: DiskRequest) -> Bool {
    (isWrite || other.isWrite) && sector < other.end && other.sector < end
  }
}
//@ stub
//@ end
