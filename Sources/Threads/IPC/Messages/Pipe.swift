// SPDX-License-Identifier: BSD-3-Clause

import Scheduling

/// A stream of bytes between threads: what goes in at one end comes out at the
/// other, in the same order, in pieces of other sizes.
public final class Pipe: @unchecked Sendable {
  private let storage: RingStorage<UInt8>
  private let capacity: UInt64
  private var first: UInt64 = 0
  private var next: UInt64 = 0
  private var isClosed = false
  private let readers: WaitQueue
  private let writers: WaitQueue

  /// A pipe that holds up to `capacity` bytes, from 1 to 4096.
  public init(capacity: Int = 512, name: StaticString = "") {
    precondition(capacity >= 1 && capacity <= 4096)
    storage = RingStorage(capacity)
    self.capacity = UInt64(capacity)
    readers = WaitQueue(name, kind: "bytes in pipe")
    writers = WaitQueue(name, kind: "place in pipe")
  }

  deinit { storage.release() }

  /// Nothing more will be written: readers get what is left, and then the end.
  public func close() {
    Dispatcher.critical { dispatcher in
      isClosed = true
      readers.wakeAll(dispatcher)
      writers.wakeAll(dispatcher)
    }
  }

  /// Writes bytes, waiting for places as long as it takes, or until the time is
  /// over. A time that is over already means: as many as fit now.
  ///
  /// - Returns: How many were written: fewer than all only if the time was over
  ///   or the pipe was closed.
  @discardableResult
  public func write(
    _ bytes: [UInt8], until deadline: Instant = .never
  ) -> Int {
    var written = 0
    while written < bytes.count {
      let hasPlace = writers.wait(
        until: { isClosed || next &- first < capacity }, deadline: deadline)
      guard hasPlace, let end = fill(from: bytes, written) else { break }
      written = end
    }
    return written
  }

  /// Reads up to `limit` bytes; waits until there is at least one, or the end,
  /// or the time is over. A time that is over already means: what is there now.
  ///
  /// - Returns: Nothing at the end of a pipe that was closed; nil if the time
  ///   was over.
  public func read(
    upTo limit: Int, until deadline: Instant = .never
  ) -> [UInt8]? {
    precondition(limit > 0)
    let hasBytes = readers.wait(
      until: { isClosed || first != next }, deadline: deadline)
    guard hasBytes else { return nil }
    // Room is made while interrupts are on.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(limit, Int(capacity)))
    let isAtEnd = Dispatcher.critical { dispatcher in
      while bytes.count < limit, first != next {
        bytes.append(storage.empty(first))
        first &+= 1
      }
      writers.wakeAll(dispatcher)
      return isClosed
    }
    guard bytes.isEmpty, !isAtEnd else { return bytes }
    // Another reader was faster.
    return read(upTo: limit, until: deadline)
  }

  /// Writes as many bytes as fit, from `start` on, and tells where it stopped;
  /// nil if the pipe is closed.
  private func fill(from bytes: [UInt8], _ start: Int) -> Int? {
    Dispatcher.critical { dispatcher in
      guard !isClosed else { return nil }
      var index = start
      while index < bytes.count, next &- first < capacity {
        storage.fill(next, bytes[index])
        next &+= 1
        index += 1
      }
      readers.wakeAll(dispatcher)
      return index
    }
  }
}
